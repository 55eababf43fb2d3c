/** An API server for tests of other packages. */
export { ApiServer } from './api-server.ts';
export { Fleet, type FleetOptions, type Listed } from './fleet.ts';
export { kubeconfigOf } from './kubeconfig.ts';
export { complete, configMap, deployment, secret } from './objects.ts';
