# The image of the service: one program, nobody's account, nothing to write to but /data.
#   docker build -t jixiao .

FROM node:22-bookworm-slim AS pages
WORKDIR /src
COPY schema.graphql .
COPY dashboard dashboard
RUN cd dashboard && npm ci --no-audit --no-fund && npm run build

FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
COPY . .
# The pages are part of the program.
COPY --from=pages /src/dashboard/dist dashboard/dist
# The caches keep crates and artefacts between builds, outside the image; so the program is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --locked --profile dist --bin jixiao --features jixiao-api/mimalloc \
    && install -D -m 0755 target/dist/jixiao /out/jixiao

# The same Debian as the build stage, for the same C library. Everything else (SQLite, TLS) is inside the program.
FROM debian:12.12-slim
RUN groupadd --gid 10001 jixiao \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin jixiao \
    && install -d -o jixiao -g jixiao -m 0700 /data
COPY --from=build /out/jixiao /usr/local/bin/jixiao
# The service keeps its own files in ./data.
WORKDIR /
VOLUME /data
USER 10001:10001
ENV JIXIAO_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["jixiao", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["jixiao"]
CMD ["serve"]
