// A QR code (ISO/IEC 18004) as the path of an SVG, made by libqrencode.
#pragma once

#include <string>
#include <string_view>

namespace braid::factors {

// Dark modules as one path of unit squares, in a square of `side` units that holds the four units of quiet
// zone on each side which the standard asks for.
struct QrPicture {
    int side = 0;
    std::string path;
};

// At error correction level M. Empty (side 0) when the text is too long for one code.
QrPicture qr_picture(std::string_view text);

}  // namespace braid::factors
