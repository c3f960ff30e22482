#include "labs/testbed/forbidden.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

namespace testbed {
namespace {

std::optional<long> setting(const std::string& path) {
  std::ifstream file("/proc/sys/" + path);
  long value = 0;
  if (!(file >> value)) return std::nullopt;
  return value;
}

bool seccomp_filtered() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("Seccomp:")) return line.find('2') != std::string::npos;
  return false;
}

/// In a chroot the root folder is usually no mount point of its own.
bool in_chroot() {
  std::ifstream file("/proc/self/mountinfo");
  if (!file) return false;
  for (std::string line; std::getline(file, line);) {
    std::size_t at = 0;
    for (int field = 0; field < 4 && at != std::string::npos; ++field)
      at = line.find(' ', at + (field > 0));
    if (at != std::string::npos && line.compare(at, 3, " / ") == 0) return false;
  }
  return true;
}

constexpr auto container_remedy =
    "start the container with: docker run --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined";

Obstacle used_up(const std::string& name) {
  const auto limit = setting("user/" + name);
  if (limit && *limit == 0)
    return {fmt::format("user.{} is 0", name), fmt::format("sudo sysctl user.{}=10000", name)};
  return {fmt::format("user.{} is used up{}, here or in an outer namespace", name,
                      limit ? fmt::format(" ({})", *limit) : ""),
          fmt::format("sudo sysctl user.{}={}", name, limit ? 2 * *limit : 10'000)};
}

}  // namespace

Obstacle user_namespace_obstacle(int error, bool made) {
  if (error == ENOSPC || error == EUSERS) return used_up("max_user_namespaces");
  if (!made && setting("user/max_user_namespaces").value_or(1) == 0)
    return used_up("max_user_namespaces");
  if (setting("kernel/unprivileged_userns_clone").value_or(1) == 0)
    return {"kernel.unprivileged_userns_clone is 0",
            "sudo sysctl kernel.unprivileged_userns_clone=1"};
  if (setting("kernel/apparmor_restrict_unprivileged_userns").value_or(0) != 0)
    return {made ? "AppArmor takes all rights away in them "
                   "(kernel.apparmor_restrict_unprivileged_userns is 1)"
                 : "AppArmor forbids them (kernel.apparmor_restrict_unprivileged_userns is 1)",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"};
  if (error == EINVAL || error == ENOSYS)
    return {"this kernel has none (CONFIG_USER_NS)",
            "start a kernel that is built with CONFIG_USER_NS=y"};
  if (error == EPERM && in_chroot())
    return {"the kernel allows none in a chroot",
            "enter the folder with systemd-nspawn -D FOLDER instead of chroot"};
  if (seccomp_filtered())
    return {"a seccomp filter forbids them, as containers have by default", container_remedy};
  return {fmt::format("the system says: {}", std::strerror(error)), container_remedy};
}

Obstacle namespace_obstacle(const std::string& kind, int error) {
  if (error == ENOSPC || error == EUSERS) return used_up("max_" + kind + "_namespaces");
  return user_namespace_obstacle(error, true);
}

}  // namespace testbed
