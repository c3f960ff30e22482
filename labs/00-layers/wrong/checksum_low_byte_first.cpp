// Wrong on purpose: it has the bytes in the order of its own processor.
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

  // Numbers of 16 bits, the high byte first; a last odd byte is the high one, with a zero after it.
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    sum += i % 2 == 0 ? byte : byte * 256u;
    // One's complement: what overflows at the top comes in again at the bottom.
    if (sum > 0xffff) sum = (sum & 0xffff) + 1;
  }

  // The complement, so that the sum over a block with its checksum in it is all ones: 0 here.
  std::printf("%04x\n", ~sum & 0xffff);
}
