#!/usr/bin/env bash
# Makes the font of the PDFs from DejaVu Sans (Debian package `fonts-dejavu-core`): its letters alone, without hints and layout tables.
# Needs `pyftsubset` of the Python package `fonttools`. The same font in gives the same bytes out.
set -euo pipefail
cd "$(dirname "$0")"
from=${1:-/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf}
latin="U+0020-007E,U+00A0-024F,U+1E00-1EFF"
others="U+0370-03FF,U+0400-052F,U+0531-058F,U+10A0-10FF"
right_to_left="U+05D0-05EA,U+0600-06FF,U+FB50-FBFF,U+FC5E-FC63,U+FE70-FEFC"
signs="U+2010-2027,U+2030-203A,U+2044,U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+2212,U+2260,U+2264,U+2265,U+FFFD"
SOURCE_DATE_EPOCH=0 pyftsubset "$from" --unicodes="$latin,$others,$right_to_left,$signs" --output-file=DejaVuSans-desk.ttf \
  --no-hinting --desubroutinize --layout-features= --no-glyph-names --drop-tables+=GSUB,GPOS,GDEF,kern,gasp,FFTM,name,post --notdef-outline --no-recalc-timestamp
