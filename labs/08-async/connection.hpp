// Lab 08: lab 06's connection, turned inside out. There the place in the program said what we were
// waiting for; here the program leaves whenever it would have to wait, so it has to be written down.
#pragma once

#include <sys/socket.h>

#include "labs/06-http-server/patience.hpp"
#include "labs/06-http-server/request_reader.hpp"
#include "labs/06-http-server/site.hpp"
#include "outgoing.hpp"
#include "reactor.hpp"

class Connection {
 public:
  Connection(Fd fd, Reactor& reactor, const Site& site, const Patience& patience)
      : fd_(std::move(fd)),
        reactor_(reactor),
        site_(site),
        patience_(patience),
        deadline_(Clock::now() + patience.idle) {}
  ~Connection() { reactor_.forget(fd_); }
  Connection(const Connection&) = delete;

  /// What was waited for is possible.
  void go_on() {
    switch (state_) {
      case State::reading: return read();
      case State::writing: return write();
      case State::parting: return part();
      case State::over: return;
    }
  }
  bool over() const { return state_ == State::over; }

  /// Time passes: slow clients are cut off, as in lab 06.
  void on_time(Clock::time_point now) {
    if (now < deadline_) return;
    if (state_ == State::reading && begun_) {
      refuse({408, "that took too long"});
      write();
    } else {
      state_ = State::over;
    }
  }

 private:
  // reading: waits for a request. writing: waits for the client to take the reply; until then
  // nothing is read, so whoever does not read cannot make us hold more and more for him.
  // parting: all is said, waits for the client's FIN.
  enum class State { reading, writing, parting, over };

  void read() {
    static std::array<char, 64 * 1024> buffer;  // one for all: there is but one thread
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      state_ = State::over;
      return;
    }
    if (got < 0) return;
    reader_.take({buffer.data(), static_cast<std::size_t>(got)});
    answer();
    write();
  }

  /// Replies to what is whole, as far as that fits.
  void answer() {
    try {
      while (!last_ && out_.takes_more()) {
        const std::optional<Request> request = reader_.next();
        if (!request) break;
        put(site_.answer(*request), request->method == "HEAD");
        begun_ = false;
      }
      if (reader_.continue_wanted()) out_.add("HTTP/1.1 100 Continue\r\n\r\n");
    } catch (const Refusal& refusal) {
      refuse(refusal);
    }
  }

  void refuse(const Refusal& refusal) { put(refused(refusal), reader_.method() == "HEAD"); }

  void put(const Reply& reply, bool head_only) {
    last_ = !out_.add(reply, head_only) || !reply.keep_alive;
  }

  /// Sends as much as the client takes now, and notes what is next.
  void write() {
    do {
      const Outgoing::Progress progress = out_.send(fd_);
      if (progress == Outgoing::Progress::must_wait)
        return wait_for(State::writing, EPOLLOUT, patience_.reply);
      if (progress == Outgoing::Progress::failed) {
        state_ = State::over;
        return;
      }
      if (last_) {
        shutdown(fd_, SHUT_WR);
        return wait_for(State::parting, EPOLLIN, patience_.farewell);
      }
      answer();  // pipelined requests that had to wait
    } while (!out_.empty());
    if (!reader_.in_the_middle()) return wait_for(State::reading, EPOLLIN, patience_.idle);
    if (!begun_ || state_ != State::reading) wait_for(State::reading, EPOLLIN, patience_.request);
    begun_ = true;
  }

  void part() {
    std::array<char, 16 * 1024> nothing;
    const ssize_t got = recv(fd_, nothing.data(), nothing.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) state_ = State::over;
  }

  void wait_for(State state, std::uint32_t events, std::chrono::milliseconds patience) {
    // The deadline of a reply is set when it begins to wait, and not moved by each byte taken.
    if (state != State::writing || state_ != State::writing) deadline_ = Clock::now() + patience;
    if (events != events_) reactor_.change(fd_, events_ = events);
    state_ = state;
  }

  Fd fd_;
  Reactor& reactor_;
  const Site& site_;
  const Patience& patience_;
  State state_ = State::reading;
  std::uint32_t events_ = EPOLLIN;
  Clock::time_point deadline_;
  RequestReader reader_{Limits{}};
  bool begun_ = false;  // a request has begun and is not whole
  bool last_ = false;   // the reply in out_ is the last
  Outgoing out_;
};
