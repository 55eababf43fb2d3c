/** The two lists that span all packages: the sections of the configuration, and the catalogues of error codes. */
import { busConfig, busErrors } from '@faultline/bus';
import { correlatorConfig, correlatorErrors } from '@faultline/correlator';
import { ingestConfig, ingestErrors } from '@faultline/ingest';
import { kubeConfig, kubeErrors } from '@faultline/kube';
import { notifierConfig, notifierErrors } from '@faultline/notifier';
import { queryConfig, queryErrors, rightsizingConfig } from '@faultline/query';
import { recorderConfig, recorderErrors } from '@faultline/recorder';
import { authConfig, httpConfig, logConfig, runtimeErrors, telemetryConfig } from '@faultline/runtime';
import { storeConfig, storeErrors } from '@faultline/store';
import { allErrors } from './errors.ts';

export const sections = {
  http: httpConfig,
  auth: authConfig,
  log: logConfig,
  telemetry: telemetryConfig,
  bus: busConfig,
  store: storeConfig,
  ingest: ingestConfig,
  recorder: recorderConfig,
  correlator: correlatorConfig,
  notifier: notifierConfig,
  query: queryConfig,
  rightsizing: rightsizingConfig,
  kube: kubeConfig,
};

export const errorCatalogues = {
  all: allErrors,
  runtime: runtimeErrors,
  bus: busErrors,
  store: storeErrors,
  ingest: ingestErrors,
  recorder: recorderErrors,
  correlator: correlatorErrors,
  notifier: notifierErrors,
  query: queryErrors,
  kube: kubeErrors,
};
