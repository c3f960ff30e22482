#include "tracer/fields/filter/date.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <string>

namespace tracer::filter {
namespace {

/// Takes what it knows from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool number(unsigned least_digits, unsigned most_digits, int& value) {
    unsigned digits = 0;
    for (value = 0; digits < most_digits && digit(); ++digits) value = value * 10 + next();
    return digits >= least_digits;
  }
  /// ".5": in nanoseconds. True also if there is none.
  bool fraction(std::int64_t& nanoseconds) {
    if (!take(".")) return true;
    if (!digit()) return false;
    for (std::int64_t unit = 100'000'000; digit(); unit /= 10) {
      if (unit == 0) return false;
      nanoseconds += unit * next();
    }
    return true;
  }

 private:
  bool digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  int next() {
    const int value = rest_[0] - '0';
    rest_.remove_prefix(1);
    return value;
  }
  std::string_view rest_;
};

struct Moment {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::int64_t nanoseconds = 0;
  std::optional<int> minutes_east;  // of Greenwich
};

bool time_of_day(Scanner& scanner, Moment& moment, bool with_seconds) {
  if (!scanner.number(2, 2, moment.hour) || !scanner.take(":") ||
      !scanner.number(2, 2, moment.minute))
    return false;
  if (!scanner.take(":")) return !with_seconds;
  return scanner.number(2, 2, moment.second) && scanner.fraction(moment.nanoseconds);
}

bool zone(Scanner& scanner, Moment& moment) {
  const bool spaced = scanner.take(" ");
  if (scanner.take("UTC") || (!spaced && scanner.take("Z"))) {
    moment.minutes_east = 0;
    return true;
  }
  int hours = 0, minutes = 0, sign = 1;
  if (spaced) return false;
  if (scanner.take("-"))
    sign = -1;
  else if (!scanner.take("+"))
    return true;
  if (!scanner.number(2, 2, hours)) return false;
  scanner.take(":");
  if (!scanner.number(0, 2, minutes) || hours > 14 || minutes > 59) return false;
  moment.minutes_east = sign * (hours * 60 + minutes);
  return true;
}

/// ISO 8601: "2026-11-22T10:30:00".
bool standard(Scanner scanner, Moment& moment) {
  if (!scanner.number(4, 4, moment.year) || !scanner.take("-") ||
      !scanner.number(2, 2, moment.month) || !scanner.take("-") ||
      !scanner.number(2, 2, moment.day))
    return false;
  if (scanner.at_end()) return true;
  return (scanner.take("T") || scanner.take(" ")) && time_of_day(scanner, moment, false) &&
         zone(scanner, moment) && scanner.at_end();
}

/// As it is printed: "Nov 22, 2026 10:30:00.500000000 UTC".
bool printed(Scanner scanner, Moment& moment) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < months.size(); ++i)
    if (scanner.take(months[i])) moment.month = static_cast<int>(i) + 1;
  if (moment.month == 0 || !scanner.take(" ")) return false;
  scanner.take(" ");
  return scanner.number(1, 2, moment.day) && scanner.take(", ") &&
         scanner.number(4, 4, moment.year) && scanner.take(" ") &&
         time_of_day(scanner, moment, true) && zone(scanner, moment) && scanner.at_end();
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  Moment moment;
  if (!standard(Scanner(text), moment)) {
    moment = {};
    if (!printed(Scanner(text), moment)) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(moment.year),
                                         std::chrono::month(static_cast<unsigned>(moment.month)),
                                         std::chrono::day(static_cast<unsigned>(moment.day))};
  if (!date.ok() || moment.hour > 23 || moment.minute > 59 || moment.second > 60)
    return std::nullopt;
  // 1678 to 2261: what nanoseconds in 64 bits reach.
  if (moment.year < 1678 || moment.year > 2261) return std::nullopt;
  std::tm parts{};
  parts.tm_year = moment.year - 1900;
  parts.tm_mon = moment.month - 1;
  parts.tm_mday = moment.day;
  parts.tm_hour = moment.hour;
  parts.tm_min = moment.minute;
  parts.tm_sec = moment.second;
  parts.tm_isdst = -1;
  const std::int64_t seconds = moment.minutes_east
                                   ? std::int64_t{timegm(&parts)} - *moment.minutes_east * 60
                                   : std::int64_t{mktime(&parts)};
  return seconds * 1'000'000'000 + moment.nanoseconds;
}

}  // namespace tracer::filter
