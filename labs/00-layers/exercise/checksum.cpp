// Lab 00, exercise: the Internet checksum.
//
// Print the checksum of the bytes on the command line as four hexadecimal digits: numbers of 16
// bits with the high byte first, a last odd byte followed by a zero, added with end-around carry,
// and the complement of that. This one adds up bytes.
//
//   check:  ./wirelab check 00-layers checksum
//   hint:   ./wirelab hint 00-layers checksum
//   read:   RFC 1071 §1; the example there gives 220d
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

int main(int count, char** words) {
  std::string hex;
  for (int i = 1; i < count; ++i) hex += words[i];
  if (hex.empty() || hex.size() % 2 != 0 ||
      hex.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    std::fprintf(stderr, "usage: %s HEX...   (two digits a byte)\n", words[0]);
    return 2;
  }
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::strtoul(hex.substr(i, 2).c_str(), nullptr, 16));

  std::uint32_t sum = 0;
  for (const char byte : bytes) sum += static_cast<unsigned char>(byte);
  std::printf("%04x\n", sum);
}
