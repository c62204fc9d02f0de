/** A character cell: five columns, seven rows and one below the line for the tails of g, j, p, q, y and the comma. */
export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 8;

const FIRST = 0x20;

/**
 * Printable ASCII in order, two hex digits a column, left to right; bit 0 is the top row. A font of our own, so that a
 * picture looks the same on every machine and needs none installed.
 */
const GLYPHS = [
  '0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649552250 0004030000', // space ! " # $ % & '
  '001c224100 0041221c00 14083e0814 08083e0808 0080602000 0808080808 0060600000 6010080403', // ( ) * + , - . /
  '3e5149453e 00427f4000 4261514946 2141454b31 1814127f10 2745454539 3c4a494930 0171090503', // 0 1 2 3 4 5 6 7
  '3649494936 064949291e 0036360000 0046361000 0814224100 1414141414 0041221408 0201510906', // 8 9 : ; < = > ?
  '3e415d551e 7e0909097e 7f49494936 3e41414122 7f4141221c 7f49494941 7f09090901 3e4149497a', // @ A B C D E F G
  '7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f020c027f 7f0408107f 3e4141413e', // H I J K L M N O
  '7f09090906 3e4151215e 7f09192946 4649494931 01017f0101 3f4040403f 1f2040201f 3f4038403f', // P Q R S T U V W
  '6314081463 0304780403 6151494543 007f414100 0304081060 0041417f00 0402010204 4040404040', // X Y Z [ \ ] ^ _
  '0001020400 2054545478 7f48444438 3844444420 384444487f 3854545418 087e090102 18a4a4a47c', // ` a b c d e f g
  '7f08040478 00447d4000 4080847d00 7f10284400 00417f4000 7c04780478 7c08040478 3844444438', // h i j k l m n o
  'fc24242418 18242424fc 7c08040408 4854545424 043f444020 3c4040207c 1c2040201c 3c4030403c', // p q r s t u v w
  '4428102844 1ca0a0a07c 4464544c44 0008364100 00007f0000 0041360800 0804081008', // x y z { | } ~
]
  .join(' ')
  .split(' ')
  .map((glyph) =>
    Uint8Array.from({ length: GLYPH_WIDTH }, (_, i) => Number.parseInt(glyph.slice(2 * i, 2 * i + 2), 16)),
  );

/** Whether a character has ink at a column and row of its cell; all but printable ASCII looks like a question mark. */
export function glyphBit(character: string, column: number, row: number): boolean {
  const glyph = GLYPHS[character.charCodeAt(0) - FIRST] ?? GLYPHS['?'.charCodeAt(0) - FIRST];
  return ((glyph[column] >> row) & 1) === 1;
}
