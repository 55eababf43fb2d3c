/**
 * All of Faultline in one process, or any set of its services. It composes and starts. It decides nothing and holds no domain logic.
 */
export { type App, type AppAddresses, type StartOptions, startApp, stopDeadlineMs } from './app.ts';
export { type AppConfig, type LoadAppOptions, loadAppConfig } from './app-config.ts';
export { parseServiceNames, type ServiceName, serviceNames } from './service-list.ts';
