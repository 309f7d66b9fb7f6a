# relay ingest: MQTT -> Kafka. From the root of the checkout:
#   docker build -f deploy/docker/ingest.Dockerfile -t mqtt-relay/ingest:0.1.0 .

FROM eclipse-temurin:25.0.4_7-jdk-noble AS build
WORKDIR /src
COPY . .
# the first lines are the same for both services, so that the second one finds this layer made
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -pl deploy -am -Dmaven.test.skip=true package
RUN deploy/docker/image-files deploy/target/relay-*/ ingest /image

FROM eclipse-temurin:25.0.4_7-jre-noble
LABEL org.opencontainers.image.title="mqtt-relay ingest" \
      org.opencontainers.image.licenses="Apache-2.0"
# what changes with a dependency is below what changes with every commit
COPY --from=build /image/libraries/ /opt/relay/
COPY --chmod=0755 deploy/docker/health /opt/relay/bin/health
COPY --from=build /image/relay/ /opt/relay/
# nobody that exists elsewhere; needs to own nothing and to write nothing but /tmp
USER 10001:10001
WORKDIR /tmp
ENV RELAY_CONFIG=/etc/mqtt-relay/relay.json
EXPOSE 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/relay/bin/health", "8081"]
# the launcher becomes the JVM (exec), so that this is process 1 and gets the signals
ENTRYPOINT ["/opt/relay/bin/relay"]
CMD ["ingest"]
