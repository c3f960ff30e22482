// Who handed in what, before anything runs: from folders to exercises.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "labs/grader/lab_file.hpp"

namespace grader {

/// One exercise that is demanded of somebody, and their file for it.
struct Task {
  std::size_t lab = 0, exercise = 0;  // in ClassPlan::labs and its exercises
  std::filesystem::path
      file;  // STEM.cpp, STEM.py, STEM.sh, a program STEM, a file of answers; empty: not handed in
};

struct HandedIn {
  std::string name;              // of its folder, with more of the path where that is not unique
  std::filesystem::path folder;  // absolute
  std::vector<Task> tasks;
  std::string digest;  // of all that is in the folder: a change is a new submission
};

struct ClassPlan {
  std::vector<LabFile> labs;
  std::vector<HandedIn> all;  // by name
};

struct ClassRequest {
  std::filesystem::path labs;                  // of the tree
  std::string lab;                             // empty: found out from names of folders and files
  std::vector<std::string> exercises;          // empty: every one that somebody handed in
  std::vector<std::filesystem::path> folders;  // submissions, or folders of submissions
};

/// Throws tracer::Failure (2) where a folder is not there, or which lab it is about cannot be told.
ClassPlan plan_class(const ClassRequest& request);

/// Every `of`-th submission, from the `which`-th (1 is the first): the shards of a class are disjoint
/// and together all of it.
void keep_shard(ClassPlan& plan, unsigned which, unsigned of);

}  // namespace grader
