#include "labs/peers/manner.hpp"

#include <thread>

namespace peers {

bool leaves(Mode mode) {
  return mode == Mode::early_close || mode == Mode::reset || mode == Mode::disappear ||
         mode == Mode::silent || mode == Mode::flood;
}

bool send_in_manner(Connection& connection, std::string_view bytes, const Plan& plan) {
  const std::size_t half = bytes.size() / 2;
  switch (plan.mode) {
    case Mode::dribble: return connection.send_in_bytes(bytes);
    case Mode::pieces:
    case Mode::many: return connection.send_in_pieces(bytes);
    case Mode::pause:
      if (!connection.send(bytes.substr(0, half))) return false;
      std::this_thread::sleep_for(plan.wait);
      return connection.send(bytes.substr(half));
    case Mode::early_close:
      connection.send(bytes.substr(0, half));
      connection.close();
      return true;
    case Mode::reset: {
      connection.send(bytes.substr(0, half));
      std::this_thread::sleep_for(
          Milliseconds(20));  // so that it is read before the RST takes it away
      connection.reset();
      return true;
    }
    case Mode::disappear:
      connection.send(bytes.substr(0, half));
      std::this_thread::sleep_for(plan.wait);
      connection.reset();
      return true;
    case Mode::silent:
      std::this_thread::sleep_for(plan.wait);
      connection.close();
      return true;
    case Mode::flood: {
      const bool taken = connection.flood(bytes, plan.wait);
      connection.close();
      return taken;
    }
    default: return connection.send(bytes);
  }
}

}  // namespace peers
