// The verdict code against synthetic rounds whose true difference is known.
#include "bench/stats/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace bench {
namespace {

/// Rounds as a shared machine gives them. Times within a round are log-normal with a heavy tail;
/// whole rounds are shifted, partly together (heat, other work) and partly each on its own
/// (placement on the cores). The shifts are what makes single trips bad witnesses.
struct Noise {
  double shared = 0.05;  // of neighbouring rounds, standard deviation of the logarithm
  double own = 0.025;    // of each round
  double within = 0.15;  // of each trip
  double tail = 0.01;    // share of the trips that take 5 times as long
  double slow = 0;       // share of the rounds that take twice as long throughout
};

struct Simulation {
  std::vector<Histogram> first, second;
};

Simulation simulate(double true_ratio, std::mt19937_64& random, const Noise& noise = {},
                    unsigned rounds = 20, unsigned trips = 200) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> share;
  Simulation made;
  const auto round = [&](double log_median) {
    Histogram times;
    if (share(random) < noise.slow) log_median += std::log(2);
    for (unsigned i = 0; i < trips; ++i) {
      const double log_time = log_median + noise.within * normal(random);
      times.record(
          static_cast<std::uint64_t>(std::exp(log_time) * (share(random) < noise.tail ? 5 : 1)));
    }
    return times;
  };
  for (unsigned i = 0; i < rounds; ++i) {
    const double together = std::log(20'000) + noise.shared * normal(random);
    made.first.push_back(round(together + noise.own * normal(random)));
    made.second.push_back(round(together + std::log(true_ratio) + noise.own * normal(random)));
  }
  return made;
}

struct Tally {
  unsigned none = 0, less = 0, more = 0, covered = 0;
};

Tally judge_many(unsigned comparisons, double true_ratio, Pairing pairing, const Noise& noise = {},
                 unsigned rounds = 20) {
  std::mt19937_64 random(3);
  Tally tally;
  for (unsigned i = 0; i < comparisons; ++i) {
    const Simulation made = simulate(true_ratio, random, noise, rounds);
    const RatioEstimate estimate = compare_medians(made.first, made.second, pairing, 500);
    switch (judge(estimate)) {
      case Outcome::no_difference: ++tally.none; break;
      case Outcome::less: ++tally.less; break;
      case Outcome::more: ++tally.more; break;
    }
    tally.covered += estimate.interval.low <= true_ratio && true_ratio <= estimate.interval.high;
  }
  return tally;
}

TEST(Verdict, NoDifferenceIsRarelyTakenForOne) {
  const Tally tally = judge_many(1000, 1.0, Pairing::paired);
  EXPECT_LE(tally.less + tally.more, 50u);
}

TEST(Verdict, FivePercentIsFound) {
  EXPECT_GE(judge_many(1000, 0.95, Pairing::paired).less, 950u);
  EXPECT_GE(judge_many(1000, 1 / 0.95, Pairing::paired).more, 950u);
}

// Much more noise than the 2 % threshold could hide: only the interval protects here.
TEST(Verdict, NoDifferenceUnderHeavyNoiseIsRarelyTakenForOne) {
  const Noise heavy{.shared = 0.3, .own = 0.3, .within = 0.4, .tail = 0.05};
  const Tally tally = judge_many(1000, 1.0, Pairing::paired, heavy);
  EXPECT_LE(tally.less + tally.more, 50u);
}

// Two processes that share a core in some rounds and not in others: two clusters of medians.
TEST(Verdict, NoDifferenceBetweenRoundsOfTwoKindsIsRarelyTakenForOne) {
  Noise jumps;
  jumps.slow = 0.3;
  const Tally tally = judge_many(1000, 1.0, Pairing::paired, jumps);
  EXPECT_LE(tally.less + tally.more, 50u);
}

TEST(Verdict, TheIntervalHoldsTheTruthNineteenTimesInTwenty) {
  for (const unsigned rounds : {8u, 20u, 40u}) {
    const Tally tally = judge_many(1000, 0.9, Pairing::paired, {}, rounds);
    EXPECT_GE(tally.covered, 950u) << rounds << " rounds";
    EXPECT_LE(tally.covered, 990u) << rounds << " rounds: wider than it need be";
  }
}

// Two runs with nothing in common but the code: the shift that rounds share is then noise as well.
TEST(Verdict, SeparateRunsWithoutDifferenceAreRarelyTakenForDifferent) {
  std::mt19937_64 random(4);
  unsigned wrong = 0;
  for (unsigned i = 0; i < 1000; ++i) {
    const Simulation before = simulate(1, random), after = simulate(1, random);
    wrong += judge(compare_medians(before.first, after.first, Pairing::separate, 500)) !=
             Outcome::no_difference;
  }
  EXPECT_LE(wrong, 50u);
}

TEST(Verdict, TheSameRoundsGiveTheSameInterval) {
  std::mt19937_64 random(5);
  const Simulation made = simulate(0.97, random);
  const RatioEstimate once = compare_medians(made.first, made.second, Pairing::paired);
  const RatioEstimate again = compare_medians(made.first, made.second, Pairing::paired);
  EXPECT_EQ(once.interval.low, again.interval.low);
  EXPECT_EQ(once.interval.high, again.interval.high);
}

TEST(Verdict, TheRatioIsThatOfThePooledMedians) {
  std::mt19937_64 random(6);
  const Simulation made = simulate(0.8, random);
  Histogram first, second;
  for (const Histogram& round : made.first) first.merge(round);
  for (const Histogram& round : made.second) second.merge(round);
  EXPECT_NEAR(compare_medians(made.first, made.second, Pairing::paired).ratio,
              second.median() / first.median(), 1e-9);
}

// Student's t for 2 degrees of freedom has heavy tails, for 1000 hardly any: tables give 4.303 and 1.962.
TEST(Verdict, FewRoundsWidenTheInterval) {
  EXPECT_NEAR(widened_tail(1001), 0.6 * 0.025, 0.0003);
  EXPECT_NEAR(widened_tail(20), 0.6 * 0.0159, 0.0002);  // the normal's tail beyond 2.093 · √(20/19)
  EXPECT_LT(widened_tail(5), widened_tail(20));
}

TEST(Verdict, DifferencesUnderTwoPercentAreNone) {
  EXPECT_EQ(judge({.ratio = 0.985, .interval = {0.984, 0.986}, .rounds = 20}),
            Outcome::no_difference);
  EXPECT_EQ(judge({.ratio = 0.97, .interval = {0.96, 0.98}, .rounds = 20}), Outcome::less);
  EXPECT_EQ(judge({.ratio = 1.5, .interval = {0.99, 2.0}, .rounds = 20}), Outcome::no_difference);
  EXPECT_EQ(judge({.ratio = 1.5, .interval = {1.2, 2.0}, .rounds = 20}), Outcome::more);
}

TEST(Verdict, SentencesSayNoMoreThanIsKnown) {
  const auto sentence = [](double ratio, double low, double high) {
    return verdict_sentence({.ratio = ratio, .interval = {low, high}, .rounds = 20}, "TCP", "UDP");
  };
  EXPECT_EQ(sentence(0.99, 0.97, 1.01), "TCP and UDP: no difference detected");
  EXPECT_EQ(sentence(0.89, 0.87, 0.92), "UDP took 11 % less time than TCP");
  EXPECT_EQ(sentence(1.12, 1.10, 1.14), "UDP took 12 % more time than TCP");
  EXPECT_EQ(sentence(0.5, 0.2, 0.8), "UDP took less time than TCP, by 20 to 80 %");
  EXPECT_EQ(sentence(1.5, 1.2, 2.0), "UDP took more time than TCP, by 20 to 100 %");
  EXPECT_EQ(sentence(3.2, 3.1, 3.3), "UDP took 3.2 times as long as TCP");
}

TEST(Verdict, OfRatesTheHigherIsTheBetter) {
  const auto sentence = [](double ratio, double low, double high) {
    return rate_sentence({.ratio = ratio, .interval = {low, high}, .rounds = 20}, "nginx",
                         "reactor");
  };
  EXPECT_EQ(sentence(0.99, 0.97, 1.01), "nginx and reactor: no difference detected");
  EXPECT_EQ(sentence(0.89, 0.87, 0.92), "reactor answered 11 % fewer requests a second than nginx");
  EXPECT_EQ(sentence(1.12, 1.10, 1.14), "reactor answered 12 % more requests a second than nginx");
  EXPECT_EQ(sentence(0.5, 0.2, 0.8),
            "reactor answered 20 to 80 % fewer requests a second than nginx");
  EXPECT_EQ(sentence(1.5, 1.2, 2.0),
            "reactor answered 20 to 100 % more requests a second than nginx");
  EXPECT_EQ(sentence(3.2, 3.1, 3.3),
            "reactor answered 3.2 times as many requests a second as nginx");
}

}  // namespace
}  // namespace bench
