# syntax=docker/dockerfile:1
# Faultline as an image, in two targets. Only one of them has the ClickHouse engine (540 MB of native code):
#   docker build -t faultline:0.1.0 .                              over Kafka and a ClickHouse server (the last stage, and so the default)
#   docker build -t faultline:0.1.0-embedded --target embedded .   all of it on one machine, with the engine inside
# Services run from their TypeScript sources: Node 24 strips the types. Only the console is built.

# Debian, because the engine needs glibc. Pin it by digest when the registry is not yours.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs/bus/package.json libs/bus/
COPY libs/correlation/package.json libs/correlation/
COPY libs/model/package.json libs/model/
COPY libs/runtime/package.json libs/runtime/
COPY libs/store/package.json libs/store/
COPY services/all/package.json services/all/
COPY services/console/package.json services/console/
COPY services/correlator/package.json services/correlator/
COPY services/ingest/package.json services/ingest/
COPY services/kube/package.json services/kube/
COPY services/notifier/package.json services/notifier/
COPY services/query/package.json services/query/
COPY services/recorder/package.json services/recorder/

FROM manifests AS console
RUN --mount=type=cache,target=/root/.npm npm ci --workspace services/console --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY services/console services/console
RUN npm run build --workspace services/console

# Leaves out the engine, the only optional dependency of a service. Node for development is one of the root, which no stage installs.
FROM manifests AS modules-server
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --workspace services/all --ignore-scripts --no-audit --no-fund

FROM manifests AS modules-embedded
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --workspace services/all --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS runtime
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Faultline" \
      org.opencontainers.image.description="Turns an alert storm into one page that names the likely cause" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
WORKDIR /app
# A share of the container's memory, so that the limit in Kubernetes or compose is the only number to set.
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-old-space-size-percentage=75
RUN install -d -o 10001 -g 10001 /var/lib/faultline
COPY package.json LICENSE ./
COPY protos protos
COPY libs libs
COPY services services
COPY --from=console /app/services/console/dist services/console/dist
# A number, so that Kubernetes can verify that it is not root.
USER 10001:10001
EXPOSE 8080 4317 4318 50051
# Without a shell or npm SIGTERM reaches the process, and its exit code is the container's.
ENTRYPOINT ["node", "services/all/src/main.ts"]
CMD ["--config", "/etc/faultline/faultline.yaml", "--data", "/var/lib/faultline"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.FAULTLINE_HTTP__PORT ?? 8080}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

FROM runtime AS embedded
# The engine uses memory outside the heap.
ENV NODE_OPTIONS=--max-old-space-size-percentage=40
COPY --from=modules-embedded /app/node_modules node_modules
VOLUME /var/lib/faultline

FROM runtime AS server
COPY --from=modules-server /app/node_modules node_modules
