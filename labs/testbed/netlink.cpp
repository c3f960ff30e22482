#include "labs/testbed/netlink.hpp"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "tracer/bytes/failure.hpp"

namespace testbed {

using tracer::Bytes;
using tracer::Failure;

/// One message under construction: a header, a body, then attributes, some nested.
class Netlink::Request {
 public:
  template <class Body>
  Request(std::uint16_t type, std::uint16_t flags, const Body& body) : bytes_(NLMSG_HDRLEN) {
    header().nlmsg_type = type;
    header().nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    append(&body, sizeof body);
  }
  void attribute(std::uint16_t type, const void* value, std::size_t size) {
    const auto length = static_cast<std::uint16_t>(RTA_LENGTH(size));
    const rtattr head{length, type};
    append(&head, sizeof head);
    append(value, size);
  }
  void attribute(std::uint16_t type, Bytes value) { attribute(type, value.data(), value.size()); }
  void attribute(std::uint16_t type, const std::string& text) {
    attribute(type, text.c_str(), text.size() + 1);
  }
  template <class Inside>
  void nest(std::uint16_t type, Inside inside) {
    const std::size_t start = bytes_.size();
    attribute(type, nullptr, 0);
    inside();
    const auto length = static_cast<std::uint16_t>(bytes_.size() - start);
    std::memcpy(bytes_.data() + start, &length, sizeof length);
  }
  void append(const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), from, from + size);
    bytes_.resize(NLMSG_ALIGN(bytes_.size()));
  }
  nlmsghdr& header() { return *reinterpret_cast<nlmsghdr*>(bytes_.data()); }
  const std::vector<std::uint8_t>& finish(std::uint32_t sequence) {
    header().nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
    header().nlmsg_seq = sequence;
    return bytes_;
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

namespace {
int index_of(const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) throw Failure(tracer::exit_code::failed, interface + ": no such interface");
  return static_cast<int>(index);
}
std::uint8_t family_of(Bytes address) { return address.size() == 4 ? AF_INET : AF_INET6; }
}  // namespace

Netlink::Netlink() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  if (socket_ < 0)
    throw Failure(tracer::exit_code::failed, fmt::format("netlink: {}", std::strerror(errno)));
}

void Netlink::ask(Request& request, std::string_view what) {
  const auto& bytes = request.finish(++sequence_);
  std::array<std::uint8_t, 8192> answer;
  ssize_t got = send(socket_, bytes.data(), bytes.size(), 0);
  if (got >= 0) got = recv(socket_, answer.data(), answer.size(), 0);
  int error = got < 0 ? errno : 0;
  if (error == 0) {
    const auto* head = reinterpret_cast<const nlmsghdr*>(answer.data());
    if (head->nlmsg_type == NLMSG_ERROR)
      error = -static_cast<const nlmsgerr*>(NLMSG_DATA(head))->error;
  }
  if (error != 0)
    throw Failure(error == EPERM ? tracer::exit_code::not_permitted : tracer::exit_code::failed,
                  fmt::format("cannot {}: {}", what, std::strerror(error)),
                  error == EOPNOTSUPP
                      ? "the kernel lacks the veth module: sudo modprobe veth"
                      : "wirelab doctor says what this system forbids, and the remedy");
}

void Netlink::add_veth(const std::string& name, Bytes mac, const std::string& peer, Bytes peer_mac,
                       const Fd& peer_network) {
  const ifinfomsg plain{};
  Request request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, plain);
  request.attribute(IFLA_IFNAME, name);
  request.attribute(IFLA_ADDRESS, mac);
  request.nest(IFLA_LINKINFO, [&] {
    request.attribute(IFLA_INFO_KIND, std::string("veth"));
    request.nest(IFLA_INFO_DATA, [&] {
      request.nest(VETH_INFO_PEER, [&] {
        request.append(&plain, sizeof plain);
        request.attribute(IFLA_IFNAME, peer);
        request.attribute(IFLA_ADDRESS, peer_mac);
        const int network = peer_network;
        request.attribute(IFLA_NET_NS_FD, &network, sizeof network);
      });
    });
  });
  ask(request, "make a pair of virtual network interfaces");
}

void Netlink::set_up(const std::string& interface) {
  ifinfomsg quiet{};
  quiet.ifi_index = index_of(interface);
  if (interface != "lo") {
    Request request(RTM_NEWLINK, 0, quiet);
    request.nest(IFLA_AF_SPEC, [&] {
      request.nest(AF_INET6, [&] {
        const std::uint8_t none = 1;  // IN6_ADDR_GEN_MODE_NONE
        request.attribute(IFLA_INET6_ADDR_GEN_MODE, &none, sizeof none);
      });
    });
    try {
      ask(request, "keep IPv6 from making link-local addresses");
    } catch (const Failure&) {  // a kernel without IPv6 has nothing to be kept from
    }
  }
  ifinfomsg up = quiet;
  up.ifi_flags = up.ifi_change = IFF_UP;
  Request request(RTM_NEWLINK, 0, up);
  ask(request, "set " + interface + " up");
}

void Netlink::add_address(const std::string& interface, Bytes address, std::uint8_t prefix_bits) {
  ifaddrmsg body{};
  body.ifa_family = family_of(address);
  body.ifa_prefixlen = prefix_bits;
  body.ifa_flags = IFA_F_NODAD;
  body.ifa_index = static_cast<std::uint32_t>(index_of(interface));
  Request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, body);
  request.attribute(IFA_LOCAL, address);
  request.attribute(IFA_ADDRESS, address);
  if (address.size() == 4 && prefix_bits < 31) {
    std::array<std::byte, 4> broadcast;
    for (std::size_t i = 0; i < 4; ++i) {
      const int host_bits = static_cast<int>(8 * (i + 1)) - prefix_bits;
      const unsigned mask = host_bits <= 0 ? 0u : host_bits >= 8 ? 0xffu : (1u << host_bits) - 1u;
      broadcast[i] = address[i] | static_cast<std::byte>(mask);
    }
    request.attribute(IFA_BROADCAST, broadcast);
  }
  ask(request, "set an address");
}

void Netlink::add_neighbour(const std::string& interface, Bytes address, Bytes mac) {
  ndmsg body{};
  body.ndm_family = family_of(address);
  body.ndm_ifindex = index_of(interface);
  body.ndm_state = NUD_PERMANENT;
  Request request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, body);
  request.attribute(NDA_DST, address);
  request.attribute(NDA_LLADDR, mac);
  ask(request, "set a neighbour");
}

void Netlink::add_default_route(const std::string& interface) {
  rtmsg body{};
  body.rtm_family = AF_INET;
  body.rtm_table = RT_TABLE_MAIN;
  body.rtm_protocol = RTPROT_STATIC;
  body.rtm_scope = RT_SCOPE_LINK;
  body.rtm_type = RTN_UNICAST;
  Request request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, body);
  const int index = index_of(interface);
  request.attribute(RTA_OIF, &index, sizeof index);
  ask(request, "set a route");
}

void switch_off_offloads(const std::string& interface) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const auto command :
       {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SSG, ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM}) {
    ethtool_value off{static_cast<std::uint32_t>(command), 0};
    ifreq request{};
    std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&off);
    // A feature that the driver has not is as good as off.
    if (ioctl(socket, SIOCETHTOOL, &request) != 0 && errno != EOPNOTSUPP)
      throw Failure(tracer::exit_code::failed, fmt::format("{}: cannot switch offloads off: {}",
                                                           interface, std::strerror(errno)));
  }
}

}  // namespace testbed
