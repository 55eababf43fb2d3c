/** What the dashboards are made of: panels with a query in the format of Grafana's ClickHouse plugin. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { QueryVariableBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** The name from the provisioning file. */
const datasource = { type: 'grafana-clickhouse-datasource', uid: 'faultline-clickhouse' };

/** A query in the format of the ClickHouse plugin. `format` selects how its rows are read. */
export interface ClickHouseQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof datasource;
  readonly editorType: 'sql';
  readonly queryType: 'timeseries' | 'table';
  readonly format: 0 | 1;
  readonly rawSql: string;
}

function query(queryType: ClickHouseQuery['queryType'], rawSql: string): Builder<ClickHouseQuery> {
  const format = queryType === 'timeseries' ? 0 : 1;
  const built = {
    refId: 'A',
    datasource,
    editorType: 'sql',
    queryType,
    format,
    rawSql,
    _implementsDataqueryVariant() {},
  };
  return { build: () => built as ClickHouseQuery };
}

export const inScope = "Tenant = '$tenant' AND Environment = '$environment'";
const width = 12;
const height = 8;

/** Lines over time. `unit` is one of Grafana's. */
export function series(title: string, unit: string, rawSql: string): TimeSeriesBuilder {
  return new TimeSeriesBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .span(width)
    .height(height)
    .datasource(datasource)
    .withTarget(query('timeseries', rawSql));
}

export function table(title: string, rawSql: string): TableBuilder {
  return new TableBuilder()
    .title(title)
    .span(2 * width)
    .height(height)
    .datasource(datasource)
    .withTarget(query('table', rawSql));
}

/** A variable with the values of a column of `presence`, from the last week. */
export const choose = (name: string, column: string, where: string) =>
  new QueryVariableBuilder(name)
    .label(column)
    .datasource(datasource)
    .query(`SELECT DISTINCT ${column} FROM presence WHERE Day >= today() - 7${where} ORDER BY ${column}`);
