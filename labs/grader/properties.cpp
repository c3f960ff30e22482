#include "labs/grader/properties.hpp"

#include <array>

namespace grader {
namespace {

constexpr std::array known{
    PropertyInfo{"one_syn", Argument::optional_host,
                 "one connection attempt is made{by}, however often its SYN had to be repeated"},
    PropertyInfo{"handshake", Argument::none,
                 "every SYN is answered and the connection established"},
    PropertyInfo{"refused", Argument::none, "every SYN is answered with RST: nobody listens"},
    PropertyInfo{
        "orderly_close", Argument::none,
        "both ends of every connection send a FIN, both FINs are acknowledged, nobody resets"},
    PropertyInfo{"half_close", Argument::host,
                 "the {host} sends its FIN first, and data still comes to it afterwards and is "
                 "acknowledged"},
    PropertyInfo{"fin_first", Argument::host,
                 "the {host} sends its FIN before it has got the other's"},
    PropertyInfo{"fin_from", Argument::host, "the {host} sends a FIN in every connection"},
    PropertyInfo{"all_closed", Argument::none, "no connection is left open at the end of the run"},
    PropertyInfo{"no_rst", Argument::optional_host, "no RST is sent{by}"},
    PropertyInfo{"rst_from", Argument::host, "the {host} sends a RST"},
    PropertyInfo{"delivered", Argument::host,
                 "every byte that the {host} sends is acknowledged by the other"},
    PropertyInfo{"silent", Argument::host, "the {host} sends no data"},
    PropertyInfo{"echoes", Argument::host,
                 "the {host} sends back what it got, byte for byte; over UDP datagram by datagram"},
    PropertyInfo{"answers_after_end", Argument::host,
                 "the {host} says nothing until the other's FIN has arrived"},
    PropertyInfo{"overlap", Argument::optional_number,
                 "{number} connections are served at the same time: one that was there earlier "
                 "still gets data after a later one was answered"},
    PropertyInfo{"keeps_connection", Argument::number,
                 "{number} questions and answers follow each other in one connection"},
    PropertyInfo{"survives", Argument::host,
                 "the {host}'s program is alive at the end and still answers the last who asks"},
    PropertyInfo{"zero_window_seen", Argument::optional_host,
                 "a window of zero is announced{by}: the reader is slower than the writer"},
    PropertyInfo{"no_zero_window", Argument::optional_host, "no window of zero is announced{by}"},
    PropertyInfo{"retransmission_seen", Argument::optional_host, "a segment is sent again{by}"},
    PropertyInfo{"no_retransmission", Argument::optional_host, "no segment is sent again{by}"},
    PropertyInfo{"fast_retransmit_seen", Argument::optional_host,
                 "a segment is sent again{by} because ACKs tell that it is missing"},
    PropertyInfo{"timeout_retransmit_seen", Argument::optional_host,
                 "a segment is sent again{by} because no ACK comes"},
    PropertyInfo{"replies_swap_addresses", Argument::none,
                 "every datagram from the server goes back to where a question came from, from "
                 "where it went"},
    PropertyInfo{"answers_each", Argument::none,
                 "for every datagram that arrives at the server one goes back"},
    PropertyInfo{"repeats_lost", Argument::host,
                 "a datagram of the {host} that is lost, or whose answer is lost, is sent again"},
};

}  // namespace

std::span<const PropertyInfo> properties() { return known; }

const PropertyInfo* find_property(std::string_view name) {
  for (const PropertyInfo& one : known)
    if (one.name == name) return &one;
  return nullptr;
}

}  // namespace grader
