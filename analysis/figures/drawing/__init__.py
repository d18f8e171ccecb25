"""What figures are drawn with: style, order, and shapes that several of them share."""
