export { type PostgresCluster, type PostgresOptions, startPostgres } from './postgres/cluster.ts'
export { PostgresError } from './postgres/error.ts'
export { ensurePostgres, findPostgres, NoPostgresError } from './postgres/find.ts'
