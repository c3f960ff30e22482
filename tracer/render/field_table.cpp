#include "tracer/render/field_table.hpp"

namespace tracer {

FieldTable::FieldTable(std::vector<Field> columns, Style style)
    : columns_(std::move(columns)),
      style_(std::move(style)),
      places_(field_count),
      cells_(columns_.size()) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    wanted_.add(columns_[i]);
    places_[static_cast<std::size_t>(columns_[i])].push_back(i);
  }
}

void FieldTable::header(std::string& out) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i) out += style_.separator;
    out += info(columns_[i]).name;
  }
  out += '\n';
}

void FieldTable::row(std::string& out, const FieldSink& sink) {
  for (auto& cell : cells_) cell.clear();
  for (const FieldValue& value : sink.values())
    for (const std::size_t column : places_[static_cast<std::size_t>(value.field)]) {
      std::string& cell = cells_[column];
      if (!cell.empty()) {
        if (style_.occurrence == 'f') continue;
        if (style_.occurrence == 'l')
          cell.clear();
        else
          cell += style_.aggregator;
      }
      append_value(cell, value);
    }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i) out += style_.separator;
    if (!style_.quote.empty()) out += style_.quote;
    out += cells_[i];
    if (!style_.quote.empty()) out += style_.quote;
  }
  out += '\n';
}

}  // namespace tracer
