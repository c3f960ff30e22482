#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/bytes/frame.hpp"
#include "tracer/fields/field_sink.hpp"

namespace tracer {

/// Appends `text` as a JSON string, quotes included. What is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// -T json: an object a frame, a line an object (docs/json-schema.md).
///
///   {"schema":"wirelab-frame-1","number":3,…,"fields":[{"name":"tcp.srcport","value":80,"at":34,"size":2},…]}
/// Of the sink's fields only those `shown`.
void append_json(std::string& out, std::uint64_t number, const Frame& frame,
                 const FieldSink& fields, const FieldSet& shown = FieldSet::all());

/// -T ek: what Elasticsearch's bulk interface takes, in tshark's words: a line that names the index,
/// a line that is the document. Field names have _ for dots, and their protocol in front.
///
///   {"index":{"_index":"packets-2009-11-18","_type":"doc"}}
///   {"timestamp":"1258577884844","layers":{"frame":{"frame_frame_number":"4",…},"eth":{…}}}
class BulkWriter {
 public:
  /// With columns (-e) the document has these fields only, each a list, and no protocols.
  explicit BulkWriter(std::vector<Field> columns);
  void append(std::string& out, const Frame& frame, const FieldSink& fields);

 private:
  void chain(const FieldSink& fields);
  void values(std::string& out, const FieldSink& fields, std::size_t first, bool list);

  std::vector<Field> columns_;
  std::vector<Field> layer_of_;  // field -> the protocol that it belongs to
  std::vector<std::uint32_t> first_,
      last_;                          // field -> its first and last value of this frame, from 1
  std::vector<std::uint32_t> next_;   // value -> the next of the same field
  std::vector<Field> seen_, layers_;  // of this frame, in order
  std::string text_;
};

}  // namespace tracer
