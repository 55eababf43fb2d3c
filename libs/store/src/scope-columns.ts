/** The columns of every row that say which scope it belongs to. */
export interface ScopeColumns {
  readonly Tenant: string;
  readonly Environment: string;
}
