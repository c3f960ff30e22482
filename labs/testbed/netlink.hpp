// The few things that `ip link` and `ip address` do, without starting them: rtnetlink(7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "labs/support/fd.hpp"
#include "tracer/bytes/bytes.hpp"

namespace testbed {

/// Speaks to the network namespace that it was made in. Every call throws tracer::Failure (4, or 1)
/// that names what was attempted.
class Netlink {
 public:
  Netlink();

  /// A veth pair: `name` here, `peer` in the namespace `peer_network`, with fixed addresses.
  void add_veth(const std::string& name, tracer::Bytes mac, const std::string& peer,
                tracer::Bytes peer_mac, const Fd& peer_network);
  /// Sets the interface up. IPv6 makes no link-local address on it, so it has nothing to announce.
  void set_up(const std::string& interface);
  /// `address` is 4 or 16 octets; no duplicate-address probes are sent for it.
  void add_address(const std::string& interface, tracer::Bytes address, std::uint8_t prefix_bits);
  /// A permanent neighbour: no ARP or neighbour solicitation is needed to reach it.
  void add_neighbour(const std::string& interface, tracer::Bytes address, tracer::Bytes mac);
  /// Everything in 224.0.0.0/4 and to other networks goes out here.
  void add_default_route(const std::string& interface);

 private:
  class Request;
  void ask(Request& request, std::string_view what);
  Fd socket_;
  std::uint32_t sequence_ = 0;
};

/// Segmentation, checksum and receive offloads off, so that what is captured is what a wire would
/// carry (ethtool(8) -K). In the network namespace of the caller.
void switch_off_offloads(const std::string& interface);

}  // namespace testbed
