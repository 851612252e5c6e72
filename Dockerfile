# Builds the collector and puts it on Debian 13 with the distribution's librdkafka:
#   docker build -t collector .
#   docker run --network host -v ./collector.yaml:/etc/collector/collector.yaml:ro -v collector-state:/var/lib/collector collector

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
# Projects first: their packages stay in a layer of their own until a project changes.
COPY Directory.Build.props .editorconfig ./
COPY .build .build
COPY src/Collector.Net/Collector.Net.csproj src/Collector.Net/
COPY src/Collector.Flows/Collector.Flows.csproj src/Collector.Flows/
COPY src/Collector.Bgp/Collector.Bgp.csproj src/Collector.Bgp/
COPY src/Collector/Collector.csproj src/Collector/
RUN dotnet restore src/Collector
COPY src src
RUN dotnet publish src/Collector -c Release -o /out

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends librdkafka1 ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10100 collector \
 && useradd --uid 10100 --gid collector --no-create-home --home-dir /var/lib/collector --shell /usr/sbin/nologin collector \
 && install -d -o collector -g collector -m 0750 /var/lib/collector \
 && install -d /etc/collector
COPY --from=build /out/collector /usr/local/bin/collector
COPY collector.yaml /etc/collector/collector.yaml
ENV STATE_DIRECTORY=/var/lib/collector
# By number, so that runAsNonRoot of Kubernetes can see that it is not root.
USER 10100:10100
VOLUME /var/lib/collector
EXPOSE 2055/udp 4739/udp 6343/udp
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/collector"]
CMD ["run"]
