#include "labs/testbed/private_root.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "labs/support/fd.hpp"
#include "tracer/bytes/failure.hpp"

// <sys/mount.h> and <linux/mount.h> cannot be included together (glibc bug 28783).
extern "C" {
int mount(const char*, const char*, const char*, unsigned long, const void*) noexcept;
int umount2(const char*, int) noexcept;
}

namespace testbed {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

constexpr unsigned long read_only = 1, no_suid = 2, no_devices = 4, no_programs = 8, remount = 32,
                        bind = 4096, move = 8192, recursive = 16384;
constexpr int detach = 2;

// The new root is built over /proc, where nothing lies that it shall hold.
const std::string stage = "/proc";

constexpr std::array system_folders{"/usr",    "/bin", "/sbin", "/lib", "/lib32", "/lib64",
                                    "/libx32", "/opt", "/etc",  "/nix", "/gnu"};

bool is_under(const std::string& path, const std::string& folder) {
  return path == folder ||
         (path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/'));
}

void must(bool good, const std::string& what) {
  if (!good)
    throw Failure(tracer::exit_code::not_permitted,
                  fmt::format("no file system of its own for the program: {}: {}", what,
                              std::strerror(errno)),
                  "wirelab doctor says what this system forbids");
}

void make_folder(const std::string& path, mode_t mode = 0755) {
  const std::size_t start = path.rfind('/');
  if (start != std::string::npos && start > stage.size() &&
      access(path.substr(0, start).c_str(), F_OK) != 0)
    make_folder(path.substr(0, start));
  if (mkdir(path.c_str(), mode) == 0)
    chmod(path.c_str(), mode);  // whatever the umask is
  else
    must(errno == EEXIST, path);
}

void show(const std::string& source, const std::string& target) {
  struct stat status {};
  must(stat(source.c_str(), &status) == 0, source);
  if (S_ISDIR(status.st_mode)) {
    make_folder(target);
  } else {
    make_folder(target.substr(0, target.rfind('/')));
    const Fd file(open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    must(file >= 0 || errno == EROFS, target);
  }
  must(mount(source.c_str(), target.c_str(), nullptr, bind | recursive, nullptr) == 0, source);
}

void show_read_only(const std::string& source, const std::string& target) {
  show(source, target);
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (syscall(SYS_mount_setattr, AT_FDCWD, target.c_str(), AT_RECURSIVE, &attributes,
              sizeof attributes) == 0)
    return;
  must(errno == ENOSYS, source);  // Linux before 5.12: without what is mounted below
  must(mount(nullptr, target.c_str(), nullptr, remount | bind | read_only | no_suid | no_devices,
             nullptr) == 0,
       source);
}

void show_system() {
  for (const std::string folder : system_folders) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(folder, error);
    if (fs::is_symlink(status))
      must(symlink(fs::read_symlink(folder).c_str(), (stage + folder).c_str()) == 0, folder);
    else if (fs::is_directory(status))
      show_read_only(folder, stage + folder);
  }
}

/// No name server can be reached, and asking one costs five seconds: without any, names that
/// /etc/hosts does not hold are refused at once.
void forget_name_servers() {
  const std::string file = stage + "/etc/resolv.conf";
  std::error_code error;
  if (fs::is_regular_file(fs::symlink_status(file, error)))
    must(mount("/dev/null", file.c_str(), nullptr, bind, nullptr) == 0, file);
}

/// Root without capabilities is still the owner of root's files.
void hide_private_files() {
  std::error_code error;
  fs::recursive_directory_iterator entry(stage + "/etc",
                                         fs::directory_options::skip_permission_denied, error),
      end;
  for (; !error && entry != end; entry.increment(error)) {
    struct stat status {};
    if (lstat(entry->path().c_str(), &status) != 0 || S_ISLNK(status.st_mode) ||
        (status.st_mode & S_IROTH))
      continue;
    if (S_ISDIR(status.st_mode)) {
      entry.disable_recursion_pending();
      must(mount("wirelab", entry->path().c_str(), "tmpfs", read_only, "size=4k") == 0,
           entry->path());
    } else {
      must(mount("/dev/null", entry->path().c_str(), nullptr, bind, nullptr) == 0, entry->path());
    }
  }
}

void make_devices() {
  make_folder(stage + "/dev");
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"})
    if (access(device, F_OK) == 0) show(device, stage + device);
  for (const auto& [name, target] : {std::pair{"/dev/fd", "/proc/self/fd"},
                                     {"/dev/stdin", "/proc/self/fd/0"},
                                     {"/dev/stdout", "/proc/self/fd/1"},
                                     {"/dev/stderr", "/proc/self/fd/2"}})
    must(symlink(target, (stage + name).c_str()) == 0, name);
}

/// All that it may write is in one file system of bounded size, at `scratch` while the root is built.
void make_writable(const std::string& scratch, std::uint64_t bytes) {
  make_folder(scratch);
  // One file of `bytes` does not fill it: what ends that program is the limit of a file's size,
  // and is named so, whoever looks first.
  constexpr std::uint64_t more_than_one_file = 64 * 1024;
  const std::string options =
      fmt::format("size={},nr_inodes=20k,mode=755", bytes + more_than_one_file);
  must(mount("wirelab", scratch.c_str(), "tmpfs", no_suid | no_devices, options.c_str()) == 0,
       "tmpfs");
  for (const char* folder : {"/tmp", "/dev/shm"}) {
    const std::string source = scratch + (folder == std::string("/tmp") ? "/tmp" : "/shm");
    make_folder(source, 01777);
    show(source, stage + folder);
  }
  make_folder(stage + "/var");
  must(symlink("/tmp", (stage + "/var/tmp").c_str()) == 0, "/var/tmp");
}

/// What was in its folder, under a layer that takes what it writes: overlayfs, for users since Linux 5.11.
bool layer_over(const std::string& folder, const std::string& scratch) {
  const std::string lower = scratch + "/lower", upper = scratch + "/upper",
                    work = scratch + "/work";
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) return false;
  for (const std::string& one : {lower, upper, work}) make_folder(one);
  chmod(upper.c_str(), status.st_mode & 07777);
  if (mount(folder.c_str(), lower.c_str(), nullptr, bind, nullptr) != 0) return false;
  const std::string options =
      fmt::format("lowerdir={},upperdir={},workdir={},userxattr", lower, upper, work);
  const bool done = mount("wirelab", (stage + folder).c_str(), "overlay", no_suid | no_devices,
                          options.c_str()) == 0;
  const int error = errno;
  umount2(lower.c_str(), detach);
  errno = error;
  return done;
}

void show_own_folder(const std::string& folder, const std::string& scratch,
                     std::vector<std::string>& missing) {
  if (!in_system_folder(folder)) make_folder(stage + folder);
  if (layer_over(folder, scratch)) return;
  missing.push_back(fmt::format(
      "programs cannot write in their own folder in this run (overlay: {})", std::strerror(errno)));
  show_read_only(folder, stage + folder);
}

void show_processes(const Fd& outer, std::vector<std::string>& missing) {
  make_folder(stage + "/proc");
  const std::string own = stage + "/proc";
  if (mount("proc", own.c_str(), "proc", no_suid | no_devices | no_programs | read_only, nullptr) ==
      0)
    return;
  missing.push_back(
      fmt::format("programs see the outer /proc in this run ({})", std::strerror(errno)));
  must(syscall(SYS_move_mount, static_cast<int>(outer), "", AT_FDCWD, own.c_str(),
               MOVE_MOUNT_F_EMPTY_PATH) == 0,
       "/proc");
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  must(syscall(SYS_mount_setattr, AT_FDCWD, own.c_str(), AT_RECURSIVE, &attributes,
               sizeof attributes) == 0,
       "/proc read-only");
}

void make_it_the_root() {
  must(mount(nullptr, stage.c_str(), nullptr, remount | bind | read_only | no_suid | no_devices,
             nullptr) == 0,
       "read-only root");
  must(chdir(stage.c_str()) == 0, stage);
  if (syscall(SYS_pivot_root, ".", ".") == 0) {  // the old root now lies over the new one
    must(umount2(".", detach) == 0, "the old root");
  } else {  // where / is the kernel's first file system, which cannot be moved away
    must(mount(".", "/", nullptr, move, nullptr) == 0 && chroot(".") == 0, "pivot_root");
  }
  must(chdir("/") == 0, "/");
}

}  // namespace

bool in_system_folder(const std::string& path) {
  return std::ranges::any_of(system_folders,
                             [&](const char* folder) { return is_under(path, folder); });
}

std::vector<std::string> enter_private_root(const RootPlan& plan) {
  std::vector<std::string> missing;
  const Fd outer_proc(static_cast<int>(syscall(
      SYS_open_tree, AT_FDCWD, "/proc", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)));
  must(mount("wirelab", stage.c_str(), "tmpfs", no_suid | no_devices, "size=1m,mode=755") == 0,
       "tmpfs");
  struct Undo {
    bool armed = true;
    ~Undo() {
      if (armed) umount2(stage.c_str(), detach);
    }
  } undo;
  const std::string scratch = stage + "/.scratch";
  show_system();
  forget_name_servers();
  if (plan.hide_private) hide_private_files();
  make_devices();
  make_writable(scratch, plan.disk);
  for (const char* folder : {"/run", "/home", "/root"}) make_folder(stage + folder);

  std::vector<std::string> folders = plan.readable;
  if (!plan.folder.empty()) folders.push_back(plan.folder);
  std::ranges::sort(folders);  // so that what lies in another comes after it, and over it
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  for (const std::string& one : folders) {
    if (access(one.c_str(), F_OK) != 0) continue;
    if (one == plan.folder)
      show_own_folder(one, scratch, missing);
    else if (!in_system_folder(one) && (plan.folder.empty() || !is_under(one, plan.folder)))
      show_read_only(one, stage + one);
  }
  show_processes(outer_proc, missing);
  must(umount2(scratch.c_str(), detach) == 0, scratch);
  rmdir(scratch.c_str());
  undo.armed = false;
  make_it_the_root();
  return missing;
}

}  // namespace testbed
