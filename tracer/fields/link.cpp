#include "tracer/wire/link.hpp"

#include "tracer/fields/dissect.hpp"
#include "tracer/wire/arp.hpp"

namespace tracer {

namespace {

/// The two lowest bits of an address's first byte (IEEE 802 §8.2).
void station(Bytes address, Field local, Field group, FieldSink& sink) {
  const bool is_local = (be8(address, 0) & 2) != 0, is_group = (be8(address, 0) & 1) != 0;
  sink.add_bytes(Field::eth_addr, address);
  sink.add(local, is_local, address.first(1));
  sink.add(Field::eth_lg, is_local, address.first(1));
  sink.add(group, is_group, address.first(1));
  sink.add(Field::eth_ig, is_group, address.first(1));
}

}  // namespace

void link_fields(const Packet&, const Layer& layer, FieldSink& sink) {
  const Bytes b = layer.bytes;
  switch (layer.protocol) {
    case Protocol::ethernet:
      if (!sink.wants_any(Field::eth, Field::eth_type) || layer.header_size == 0) return;
      sink.add_layer(Field::eth, layer.header(), layer.bytes);
      sink.add_bytes(Field::eth_dst, b.first(6));
      station(b.first(6), Field::eth_dst_lg, Field::eth_dst_ig, sink);
      sink.add_bytes(Field::eth_src, b.subspan(6, 6));
      station(b.subspan(6, 6), Field::eth_src_lg, Field::eth_src_ig, sink);
      if (be16(b, 12) < ether_type::smallest)
        sink.add(Field::eth_len, be16(b, 12), b.subspan(12, 2));
      if (be16(b, 12) >= ether_type::smallest)
        sink.add(Field::eth_type, be16(b, 12), b.subspan(12, 2));
      return;
    case Protocol::vlan: {
      const auto tag = VlanTag::parse(b);
      if (!sink.wants_any(Field::vlan, Field::vlan_etype) || !tag) return;
      sink.add_layer(Field::vlan, layer.header(), layer.bytes);
      sink.add(Field::vlan_priority, tag->priority(), b.first(1));
      sink.add(Field::vlan_dei, tag->drop_eligible(), b.first(1));
      sink.add(Field::vlan_id, tag->id(), b.first(2));
      sink.add(Field::vlan_etype, tag->type(), b.subspan(2, 2));
      return;
    }
    case Protocol::service_vlan: {
      const auto tag = VlanTag::parse(b);
      if (!sink.wants_any(Field::ieee8021ad, Field::ieee8021ad_id) || !tag) return;
      sink.add_layer(Field::ieee8021ad, layer.header(), layer.bytes);
      sink.add(Field::ieee8021ad_priority, tag->priority(), b.first(1));
      sink.add(Field::ieee8021ad_dei, tag->drop_eligible(), b.first(1));
      sink.add(Field::ieee8021ad_id, tag->id(), b.first(2));
      return;
    }
    case Protocol::llc:
      sink.add_layer(Field::llc, layer.header(), layer.bytes);
      if (layer.header_size == 8) sink.add(Field::llc_type, be16(b, 6), b.subspan(6, 2));
      return;
    case Protocol::pppoe:
      sink.add_layer(Field::pppoes, layer.header(), layer.bytes);
      if (layer.header_size == 6) sink.add(Field::pppoe_session_id, be16(b, 2), b.subspan(2, 2));
      return;
    case Protocol::ppp: return sink.add_layer(Field::ppp, layer.header(), layer.bytes);
    case Protocol::cisco_hdlc: return sink.add_layer(Field::chdlc, layer.header(), layer.bytes);
    case Protocol::mpls:
      sink.add_layer(Field::mpls, layer.header(), layer.bytes);
      if (layer.header_size < 4) return;
      sink.add(Field::mpls_label, be32(b, 0) >> 12, b.first(3));
      sink.add(Field::mpls_bottom, be8(b, 2) & 1, b.subspan(2, 1));
      sink.add(Field::mpls_ttl, be8(b, 3), b.subspan(3, 1));
      return;
    case Protocol::gre:
      sink.add_layer(Field::gre, layer.header(), layer.bytes);
      if (layer.header_size >= 4) sink.add(Field::gre_proto, be16(b, 2), b.subspan(2, 2));
      return;
    case Protocol::cooked: {
      const auto header = CookedHeader::parse(b);
      if (!sink.wants_any(Field::sll, Field::sll_ifindex) || !header) return;
      sink.add_layer(Field::sll, layer.header(), layer.bytes);
      sink.add(Field::sll_pkttype, header->packet_type(), b.first(2));
      sink.add(Field::sll_hatype, header->hardware_type(), b.subspan(2, 2));
      sink.add(Field::sll_halen, header->address_length(), b.subspan(4, 2));
      sink.add(Field::sll_etype, header->type(), b.subspan(14, 2));
      return;
    }
    case Protocol::cooked2: {
      const auto header = Cooked2Header::parse(b);
      if (!sink.wants_any(Field::sll, Field::sll_ifindex) || !header) return;
      sink.add_layer(Field::sll, layer.header(), layer.bytes);
      sink.add(Field::sll_etype, header->type(), b.first(2));
      sink.add(Field::sll_ifindex, header->interface_index(), b.subspan(4, 4));
      sink.add(Field::sll_hatype, header->hardware_type(), b.subspan(8, 2));
      sink.add(Field::sll_pkttype, header->packet_type(), b.subspan(10, 1));
      sink.add(Field::sll_halen, header->address_length(), b.subspan(11, 1));
      return;
    }
    case Protocol::null:
      if (const auto header = NullHeader::parse(b)) {
        sink.add_layer(Field::null, layer.header(), layer.bytes);
        if (be16(b, 2) < ether_type::smallest)
          sink.add(Field::null_family, header->family(), b.first(4));
      }
      return;
    default: return;
  }
}

void arp_fields(const Layer& layer, FieldSink& sink) {
  const auto header = ArpHeader::parse(layer.bytes);
  if (!sink.wants_any(Field::arp, Field::arp_dst_proto_ipv4) || !header) return;
  const Bytes b = layer.bytes;
  sink.add_layer(Field::arp, layer.header(), layer.bytes);
  sink.add(Field::arp_hw_type, header->hardware_type(), b.first(2));
  sink.add(Field::arp_proto_type, header->protocol_type(), b.subspan(2, 2));
  sink.add(Field::arp_hw_size, header->hardware_size(), b.subspan(4, 1));
  sink.add(Field::arp_proto_size, header->protocol_size(), b.subspan(5, 1));
  sink.add(Field::arp_opcode, header->operation(), b.subspan(6, 2));
  if (header->hardware_size() == 6)
    sink.add_bytes(Field::arp_src_hw_mac, header->sender_hardware());
  if (header->is_ipv4()) sink.add_bytes(Field::arp_src_proto_ipv4, header->sender_protocol());
  if (header->hardware_size() == 6)
    sink.add_bytes(Field::arp_dst_hw_mac, header->target_hardware());
  if (header->is_ipv4()) sink.add_bytes(Field::arp_dst_proto_ipv4, header->target_protocol());
}

}  // namespace tracer
