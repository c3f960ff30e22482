// Lab 00: a network of one's own, and a frame taken apart by hand.
//
//   alone:  build/labs/00-layers/own_network   (as an ordinary user; wirelab does the same for a run)
//   expect: each layer with its place in the frame, and a checksum that is wrong on a good frame
//   read:   user_namespaces(7), packet(7), capabilities(7); RFC 791 §3.1, RFC 768, RFC 1071
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "labs/support/lab.hpp"

/// Two bytes as the wire has them: the high one first.
unsigned two_bytes(const unsigned char* at) { return at[0] * 256u + at[1]; }

/// The Internet checksum of UDP over IPv4 (RFC 768, RFC 1071): over a pseudo-header of addresses,
/// protocol and length, then the datagram with its own checksum field taken as zero.
unsigned udp_checksum(const unsigned char* ip, const unsigned char* udp, unsigned length) {
  std::uint32_t sum = 17 + length;
  for (unsigned i = 12; i < 20; i += 2) sum += two_bytes(ip + i);
  for (unsigned i = 0; i < length; ++i)
    if (i != 6 && i != 7) sum += i % 2 == 0 ? udp[i] * 256u : udp[i];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

void show(const char* layer, const unsigned char* frame, unsigned from, unsigned to) {
  std::printf("%-10s bytes %2u to %2u  ", layer, from, to - 1);
  for (unsigned i = from; i < to; ++i) std::printf(" %02x", frame[i]);
  std::printf("\n");
}

int main(int count, char** words) {
  if (count != 1) {
    std::fprintf(stderr, "usage: %s\n", words[0]);
    return 2;
  }
  // Not as root, please. Then: a user namespace in which we may do everything, and a network
  // namespace that belongs to it, with nothing in it but a loopback device.
  if (getuid() == 0) check(setuid(65534), "setuid");
  std::printf("I am user %u; nobody has asked for a password\n", getuid());
  check(unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare");

  const Fd receiver(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP;
  check(ioctl(receiver, SIOCSIFFLAGS, &loopback), "ioctl SIOCSIFFLAGS");

  // A packet socket sees whole frames, as they come and go: what tcpdump and Wireshark use. It
  // needs CAP_NET_RAW in the namespace of the network, which is ours.
  const Fd capture(check(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)), "socket AF_PACKET"));

  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  here.sin_port = htons(7000);
  check(bind(receiver, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  const Fd sender(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));
  check(sendto(sender, "hello", 5, 0, reinterpret_cast<sockaddr*>(&here), sizeof here), "sendto");

  // The frame, from its first byte. Each header says where the next one begins, or what it is.
  unsigned char frame[2048];
  const auto size = static_cast<unsigned>(check(recv(capture, frame, sizeof frame, 0), "recv"));
  const unsigned ip = 14;                            // Ethernet: two addresses and a type
  const unsigned udp = ip + (frame[ip] & 0x0f) * 4;  // IPv4: the low half of byte 0, in words
  const unsigned data = udp + 8;                     // UDP: four numbers of two bytes
  const unsigned udp_length = two_bytes(frame + udp + 4);
  if (size < data + 5 || two_bytes(frame + 12) != ETH_P_IP || frame[ip + 9] != IPPROTO_UDP) {
    std::fprintf(stderr, "that was somebody else's frame of %u bytes\n", size);
    return 1;
  }
  std::printf("a frame of %u bytes:\n", size);
  show("Ethernet", frame, 0, ip);
  show("IPv4", frame, ip, udp);
  show("UDP", frame, udp, data);
  show("data", frame, data, size);

  const unsigned found = two_bytes(frame + udp + 6);
  const unsigned right = udp_checksum(frame + ip, frame + udp, udp_length);
  std::printf("UDP checksum: %04x in the frame, %04x would be right\n", found, right);

  // Sums are made as late as possible, by the network card. Loopback has none, and nothing that
  // could damage a byte: no sum is made, none is checked, and a capture finds it "bad".
  char text[16];
  const ssize_t got = check(recv(receiver, text, sizeof text, 0), "recv");
  std::printf("and yet the datagram arrived: %.*s\n", static_cast<int>(got), text);
}
