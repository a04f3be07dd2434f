"""Detections about cards, coupons, codes, and what there is little of, one in one file."""
