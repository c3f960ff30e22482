#include "labs/testbed/host.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string_view>

#include "labs/testbed/namespaces.hpp"
#include "labs/testbed/netlink.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/wire/address.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using tracer::IpAddress;

/// A name has one address, so that a run is the same everywhere: resolvers differ in which family
/// they prefer. With IPv6 asked for, both names have both, as on a dual-stack host.
constexpr const char* hosts_ipv4 =
    "127.0.0.1 localhost\n::1 localhost\n"
    "10.0.0.1 client\n10.0.0.2 server\nfd00::1 client6\nfd00::2 server6\n";
constexpr const char* hosts_dual =
    "127.0.0.1 localhost\n::1 localhost\n"
    "fd00::1 client client6\nfd00::2 server server6\n10.0.0.1 client\n10.0.0.2 server\n";

constexpr std::array<const char*, 2> ipv4_addresses{"10.0.0.1", "10.0.0.2"};
constexpr std::array<const char*, 2> ipv6_addresses{"fd00::1", "fd00::2"};

void write_setting(const std::string& path, const std::string& value) {
  const Fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file >= 0 && write(file, value.data(), value.size()) < 0) return;  // the default stays
}

void check_congestion(const RunSpec& spec, const Note& note) {
  std::array<char, 64> now{};
  const Fd file(open("/proc/sys/net/ipv4/tcp_congestion_control", O_RDONLY | O_CLOEXEC));
  const ssize_t got = file < 0 ? -1 : read(file, now.data(), now.size() - 1);
  if (got > 0 && std::string_view(now.data(), static_cast<std::size_t>(got - 1)) == spec.congestion)
    return;
  if (spec.congestion == "reno")
    return note("congestion control is not reno in this run but the system's own");
  throw Failure(tracer::exit_code::failed,
                fmt::format("congestion control '{}' is not to be had here", spec.congestion),
                "sysctl net.ipv4.tcp_allowed_congestion_control lists those that are");
}

}  // namespace

const char* hosts_file(const RunSpec& spec) { return spec.ipv6 ? hosts_dual : hosts_ipv4; }

void lay_cables(Host (&hosts)[2]) {
  for (Host& host : hosts) host.network = new_network();
  Netlink netlink;
  for (std::size_t i = 0; i < 2; ++i)
    netlink.add_veth(wire_ends[i], mac(0x11 + static_cast<unsigned>(i)), "eth0",
                     mac(1 + static_cast<unsigned>(i)), hosts[i].network);
  for (const char* end : wire_ends) {
    switch_off_offloads(end);
    // The wire's own ends have no business with IPv6.
    write_setting(fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", end), "1");
    netlink.set_up(end);
  }
}

void set_up_host(Host& host, const RunSpec& spec, const Fd& home, const Note& note) {
  const auto me = static_cast<std::size_t>(host.side), peer = 1 - me;
  const InNetwork here(host.network, home);
  for (const char* setting : {"accept_ra", "router_solicitations", "dad_transmits", "accept_dad"})
    for (const char* which : {"default", "eth0"})
      write_setting(fmt::format("/proc/sys/net/ipv6/conf/{}/{}", which, setting), "0");
  write_setting("/proc/sys/net/ipv4/tcp_congestion_control", spec.congestion);
  write_setting("/proc/sys/net/ipv4/ping_group_range", "0 0");
  write_setting("/proc/sys/net/ipv4/ip_unprivileged_port_start",
                "0");  // programs have no capabilities
  if (host.side == Side::client) check_congestion(spec, note);

  Netlink netlink;
  switch_off_offloads("eth0");
  netlink.set_up("lo");
  netlink.set_up("eth0");
  const auto octets = [](const char* text) { return *IpAddress::parse(text); };
  const auto peer_mac = mac(1 + static_cast<unsigned>(peer));
  netlink.add_address("eth0", octets(ipv4_addresses[me]).octets(), 24);
  netlink.add_neighbour("eth0", octets(ipv4_addresses[peer]).octets(), peer_mac);
  netlink.add_default_route("eth0");
  try {
    netlink.add_address("eth0", octets(ipv6_addresses[me]).octets(), 64);
    netlink.add_neighbour("eth0", octets(ipv6_addresses[peer]).octets(), peer_mac);
  } catch (const Failure& failure) {
    if (spec.ipv6) throw;
    if (host.side == Side::client) note(std::string("no IPv6 in this run: ") + failure.what());
  }
  host.sockets.emplace();
  host.socket_ends.emplace();
}

void start_capture(Host& host, const Fd& home) {
  const InNetwork here(host.network, home);
  tracer::LiveOptions options;
  options.interface = "eth0";
  options.snaplen = 65'535;
  options.blocking = false;
  options.promiscuous = false;
  host.capture = tracer::open_live(options);
}

}  // namespace testbed
