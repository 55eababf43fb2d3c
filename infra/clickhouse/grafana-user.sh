#!/bin/sh
# The image runs this once, on an empty data folder. It creates a user for Grafana with read access to Faultline's tables only.
set -eu
hash=$(printf %s "$GRAFANA_CLICKHOUSE_PASSWORD" | sha256sum | cut -d' ' -f1)
clickhouse-client --user "$CLICKHOUSE_USER" --password "$CLICKHOUSE_PASSWORD" --multiquery --query "
  CREATE USER IF NOT EXISTS grafana IDENTIFIED WITH sha256_hash BY '$hash' SETTINGS readonly = 2;
  GRANT SELECT ON faultline.* TO grafana;"
