// How the learner starts us: for the commands that we tell them to type.
#pragma once

#include <string>

namespace grader {

/// "./wirelab" in a clone; whoever starts elsewhere says so once, before anything is told.
inline std::string& command_name() {
  static std::string name = "./wirelab";
  return name;
}

}  // namespace grader
