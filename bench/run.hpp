#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "bench/questions.hpp"

namespace bench {

/// Measures what the question asks, on its wire, and fills its subjects' rounds and its note.
/// With a `trace` folder, exchanges over the scripted wire are traced too: a capture there, and ladders.
/// Throws TripError, or tracer::Failure (4) where the system allows no hosts of our own.
void answer(Question& question, Effort effort, const std::function<void(double)>& progress,
            const std::filesystem::path& trace = {});

/// The asking program in a host of the testbed: measures against serve_trips() at the environment's
/// WIRELAB_PEER and WIRELAB_PORT, and prints the rounds as JSON. Throws TripError.
/// With `keep_trips` the telling ones are named, each with its time.
void ask_from_host(const std::string& question_key, Effort effort, bool keep_trips);
/// The answering program there.
[[noreturn]] void answer_from_host();

}  // namespace bench
