#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// The delay by which a ladder's time is measured: the median one-way delay where both ends were
/// watched; else half the round trip of the handshake; else the median pause between two packets of
/// different directions. Always above zero.
Nanoseconds typical_delay(const Ladder& ladder);

/// Something that happens on a lifeline.
struct AxisEvent {
  Timestamp time;
  std::uint8_t lane = 0;
  bool labelled = true;  // a text stands beside it
};

/// Event `to`, the later one, lies at least `distance` below event `from`.
struct AxisSpacing {
  std::size_t from, to;
  double distance;
};

/// A time scale that runs downwards: moments in, heights out.
///
/// Monotone and piecewise linear, one for both lifelines, so that an arrow between two moments is as
/// steep as its packet was slow. Three kinds of pieces: `even` ones, where a typical delay is
/// `typical_height` high; `stretched` ones, where events would else lie closer than their labels
/// allow; and `cut` ones, pauses beyond four typical delays in which nothing happens.
class TimeAxis {
 public:
  struct Scale {
    Nanoseconds typical{1'000'000};
    double typical_height = 48;  // all heights in pixels
    double apart = 16;           // labelled events on one lifeline
    double cut_height = 40;
  };
  struct Piece {
    enum class Kind : std::uint8_t { even, stretched, cut };
    Timestamp from, to;
    double top, bottom;
    Kind kind;
  };

  /// Events in any order; those of the same moment keep theirs.
  TimeAxis(std::span<const AxisEvent> events, const Scale& scale,
           std::span<const AxisSpacing> spacings = {});

  double height_of(std::size_t event) const { return heights_[event]; }
  /// Of any moment; beyond the events the scale goes on evenly.
  double height_at(Timestamp time) const;
  const Scale& scale() const { return scale_; }
  double total() const { return pieces_.empty() ? 0 : pieces_.back().bottom; }
  /// In order and without gaps, from the first event to the last.
  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  double even(Nanoseconds time) const;

  Scale scale_;
  Timestamp first_{};
  std::vector<double> heights_;
  std::vector<Piece> pieces_;
};

}  // namespace tracer
