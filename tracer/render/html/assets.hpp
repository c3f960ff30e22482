// The files beside this one that go into pages as they are; embed.py makes them functions.
#pragma once

#include <string_view>

namespace tracer::assets {

std::string_view page_css();
std::string_view detail_js();
std::string_view report_js();
std::string_view live_css();
std::string_view live_html();
std::string_view live_ladder_js();
std::string_view live_js();

}  // namespace tracer::assets
