#include "labs/grader/resets.hpp"

#include <fmt/format.h>

namespace grader {

ResetStory tell_reset(const Connection& connection, const Sent& reset) {
  const std::string who = testbed::name(reset.from),
                    peer = testbed::name(testbed::other(reset.from));
  if (!connection.established())
    return {"nobody listens on that port", "A RST to a SYN says that no socket listens there.",
            "Let the server listen on the port that the client asks for before the client starts."};
  const auto unread = connection.unread(reset.from);
  const Sent* fin = connection.fin(reset.from);
  const Sent* before = connection.last_before(reset);
  if (unread && *unread > 0)
    return {fmt::format("the {} closed its socket with {} byte{} unread", who, *unread,
                        *unread == 1 ? "" : "s"),
            fmt::format("A kernel that must throw away data which the program never read says so "
                        "with a RST instead of a FIN; the {} may then lose even an answer that has "
                        "already arrived (RFC 9293 §3.10.4, RFC 2525 §2.17).",
                        peer),
            "Read everything the peer sends, until recv() returns 0, before you close the socket."};
  if (fin && before && before->data() && Connection::time_at(reset.from, *fin) < reset.left)
    return {fmt::format("data came in #{} when the {} had closed its socket (FIN #{})",
                        before->number, who, fin->number),
            "close() ends both directions: nobody is left to read what still comes, and the kernel "
            "answers it with a RST (RFC 9293 §3.10.7.1).",
            fmt::format("Say that you have finished with shutdown() for writing, read until recv() "
                        "returns 0, and only then close; or let the {} stop sending first.",
                        peer)};
  return {fmt::format("the {} cut the connection off", who),
          "A RST without unread data comes from a socket that was closed with SO_LINGER set to 0, "
          "or from a program that died.",
          "Leave SO_LINGER alone and close the socket when all is said."};
}

}  // namespace grader
