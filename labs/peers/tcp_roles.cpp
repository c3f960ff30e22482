#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "labs/peers/manner.hpp"
#include "labs/peers/roles.hpp"

namespace peers {
namespace {

bool small_window(const Plan& plan) { return plan.mode == Mode::slow_reader; }

/// Says what is wrong with an answer; nothing if it is as expected.
std::optional<std::string> fault_of(const std::string& answer, const std::string& sent,
                                    const Plan& plan, bool ended_well) {
  if (!ended_well)
    return "the connection ended badly after " + std::to_string(answer.size()) + " bytes";
  if (plan.echo && answer != sent)
    return std::to_string(sent.size()) + " bytes were sent, and what came back is not the same (" +
           std::to_string(answer.size()) + " bytes)";
  if (!plan.expect.empty() && answer.find(plan.expect) == std::string::npos)
    return "the answer does not hold what was expected";
  return std::nullopt;
}

/// One conversation from connect to close.
std::optional<std::string> converse(const Plan& plan, std::uint64_t stream) {
  Connection connection = connect_to(plan.host, plan.port, plan.seed + stream, small_window(plan));
  const std::string sent = payload(plan, stream);
  const bool taken = send_in_manner(connection, sent, plan);
  if (leaves(plan.mode)) return std::nullopt;
  if (!taken) return "the other end did not take all that was sent";
  std::string answer;
  bool ended_well = false;
  if (plan.mode == Mode::keep_open) {
    ended_well = connection.receive(answer, plan.echo ? sent.size() : static_cast<std::size_t>(-1));
  } else {
    connection.end_sending();
    ended_well = plan.mode == Mode::slow_reader ? connection.receive_slowly(answer, plan.wait)
                                                : connection.receive(answer);
  }
  if (plan.show) std::printf("%s", answer.c_str());
  return fault_of(answer, sent, plan, ended_well);
}

int tell(const std::optional<std::string>& fault) {
  if (fault) std::fprintf(stderr, "peer: %s\n", fault->c_str());
  return fault ? 1 : 0;
}

int many_clients(const Plan& plan) {
  int worst = 0;
  std::mutex mutex;
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < plan.count; ++i)
    all.emplace_back([&, i] {
      std::optional<std::string> fault;
      try {
        fault = converse(plan, i);
      } catch (const std::exception& error) {
        fault = error.what();
      }
      const std::lock_guard lock(mutex);
      worst |= tell(fault);
    });
  for (std::thread& one : all) one.join();
  return worst;
}

/// The answer of a server in its mode; whatever goes wrong with one client is no reason to end.
void serve(Connection connection, const Plan& plan, std::uint64_t stream) {
  if (plan.mode == Mode::silent) {
    send_in_manner(connection, {}, plan);
    return;
  }
  std::string request;
  const bool whole = plan.mode == Mode::slow_reader
                         ? connection.receive_slowly(request, plan.wait)
                         : connection.receive_request(request, plan.until);
  if (plan.show) std::printf("%s", request.c_str());
  if (!whole) return;
  if (!send_in_manner(connection, plan.echo ? request : payload(plan, stream), plan) ||
      connection.closed())
    return;
  if (plan.mode != Mode::keep_open) connection.end_sending();
  std::string rest;
  connection.receive(rest);  // to the client's FIN: closing with bytes unread would send a RST
}

}  // namespace

int tcp_client(const Plan& plan) {
  if (plan.mode == Mode::many) return many_clients(plan);
  std::optional<Connection> silent;
  if (plan.mode == Mode::hold) silent.emplace(connect_to(plan.host, plan.port, plan.seed));
  return tell(converse(plan, 0));
}

int tcp_server(const Plan& plan) {
  const Fd listener = listen_on(plan.port, small_window(plan));
  const bool together = plan.mode == Mode::many || plan.mode == Mode::hold;
  for (std::uint64_t stream = 0;; ++stream) {
    Fd socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (socket < 0) continue;
    Connection connection(std::move(socket), plan.seed + stream);
    if (!together)
      serve(std::move(connection), plan, stream);
    else
      std::thread([held = std::move(connection), plan, stream]() mutable {
        serve(std::move(held), plan, stream);
      }).detach();
  }
}

}  // namespace peers
