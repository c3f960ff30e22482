// Which ports say what they carry. The lists are Wireshark 4.0's, as far as we know the protocols.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "tracer/tracking/message.hpp"

namespace tracer {

inline Application tcp_application(std::uint16_t port) {
  switch (port) {
    case 20: return Application::ftp_data;
    case 21: return Application::ftp;
    case 25:
    case 587: return Application::smtp;
    case 53:
    case 5353: return Application::dns;
    case 80:
    case 631:
    case 1900:
    case 2710:
    case 2869:
    case 3128:
    case 3132:
    case 3689:
    case 5985:
    case 8080:
    case 8088:
    case 11371: return Application::http;
    case 324:
    case 443:
    case 465:
    case 636:
    case 802:
    case 853:
    case 993:
    case 995:
    case 1300:
    case 2221:
    case 2443:
    case 3249:
    case 3250:
    case 3251:
    case 3252:
    case 3496:
    case 5061:
    case 5671:
    case 5684:
    case 5868:
    case 8883:
    case 11207:
    case 19999:
    case 27017: return Application::tls;
    case 6379: return Application::resp;
    default: return Application::none;
  }
}

inline Application udp_application(std::uint16_t port) {
  switch (port) {
    case 53: return Application::dns;
    case 5353: return Application::mdns;
    case 5355: return Application::llmnr;
    default: return Application::none;
  }
}

/// Ports whose protocols take whatever comes, so that content decides nothing there.
inline bool is_alien_tcp(std::uint16_t port) {
  static constexpr std::uint16_t ports[] = {23,   43,   70,   79,   110,  119,  143,
                                            513,  514,  515,  1080, 1863, 1883, 3306,
                                            5222, 6666, 6667, 6668, 8009, 9418, 11211};
  return std::binary_search(std::begin(ports), std::end(ports), port) ||
         (port >= 6000 && port <= 6063);
}
inline bool is_alien_udp(std::uint16_t port) {
  static constexpr std::uint16_t ports[] = {
      67,   68,   69,   88,   111,  123,  137,  138,  161,  162,  177,  319,  320,  389,
      500,  514,  520,  521,  546,  547,  623,  646,  1645, 1646, 1701, 1812, 1813, 1900,
      1985, 2123, 2152, 3478, 3784, 4500, 4739, 4789, 5060, 5351, 6081, 6343, 8611, 8612};
  return std::binary_search(std::begin(ports), std::end(ports), port);
}

}  // namespace tracer
