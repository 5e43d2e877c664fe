# syntax=docker/dockerfile:1
# Both programs in one small image, without a shell and without root. compose.yaml shows how they are run.
# Both stages are Debian 13: it has the Node that the dashboard is built with, and one C library serves both.

FROM rust:1.95-slim-trixie AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Caches outlive the layer, so the programs are copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    scripts/build --release \
 && install -D --target-directory=/out target/release/nhip target/release/nhip-worker \
 && install -d -m 700 /out/data

FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /out/nhip /out/nhip-worker /usr/local/bin/
# Where the embedded shape keeps its database; unused with PostgreSQL.
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV NHIP_DATA_DIR=/data NHIP_LISTEN=0.0.0.0:8080 NHIP_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/nhip"]
CMD ["serve"]
