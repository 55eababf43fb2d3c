import type { Layout, Place } from './layout.ts';

export interface Box {
  readonly place: Place;
  readonly x: number;
  readonly y: number;
}

export interface Geometry {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly width: number;
  readonly height: number;
  readonly boxWidth: number;
  readonly boxHeight: number;
  readonly direction: Direction;
}

/** `right` on a wide screen; `up` on a phone, with the symptom on top and the cause below. */
export type Direction = 'right' | 'up';

const boxHeight = 52;
const margin = 10;
const gaps = { right: { along: 96, across: 16 }, up: { along: 54, across: 8 } } as const;
const boxWidths = { right: 152, up: 126 } as const;
/** Smaller gap of a deep graph: five layers fit beside the right column. */
const tightAlong = 46;
const roomyLayers = 4;

/** Pixels of each box, centred within its layer. */
export function placeBoxes(layout: Layout, direction: Direction): Geometry {
  const boxWidth = boxWidths[direction];
  const gap = gaps[direction];
  const [alongSize, acrossSize] = direction === 'right' ? [boxWidth, boxHeight] : [boxHeight, boxWidth];
  const span = (count: number, size: number, between: number) => count * size + Math.max(0, count - 1) * between;
  const gapAlong = layout.layers > roomyLayers ? tightAlong : gap.along;
  const along = span(layout.layers, alongSize, gapAlong);
  const across = span(layout.widestLayer, acrossSize, gap.across);
  const sizes = Map.groupBy(layout.places, ({ layer }) => layer);
  const boxes = layout.places.map((place): [string, Box] => {
    const own = span(sizes.get(place.layer)?.length ?? 1, acrossSize, gap.across);
    const offset = (across - own) / 2 + place.slot * (acrossSize + gap.across);
    const step = place.layer * (alongSize + gapAlong);
    const [x, y] = direction === 'right' ? [step, offset] : [offset, along - alongSize - step];
    return [place.node.id, { place, x: x + margin, y: y + margin }];
  });
  const [width, height] = direction === 'right' ? [along, across] : [across, along];
  return {
    boxes: new Map(boxes),
    width: width + 2 * margin,
    height: height + 2 * margin,
    boxWidth,
    boxHeight,
    direction,
  };
}

export interface Curve {
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

/** The curve from callee to caller, the direction in which a fault spreads. */
export function edgeCurve(geometry: Geometry, callee: Box, caller: Box): Curve {
  const { boxWidth, boxHeight, direction } = geometry;
  const [x1, y1, x2, y2] =
    direction === 'right'
      ? [callee.x + boxWidth, callee.y + boxHeight / 2, caller.x - 7, caller.y + boxHeight / 2]
      : [callee.x + boxWidth / 2, callee.y, caller.x + boxWidth / 2, caller.y + boxHeight + 7];
  const bend = Math.max(24, (direction === 'right' ? Math.abs(x2 - x1) : Math.abs(y2 - y1)) / 2);
  const path =
    direction === 'right'
      ? `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
      : `M${x1} ${y1} C${x1} ${y1 - bend} ${x2} ${y2 + bend} ${x2} ${y2}`;
  return { path, labelX: (x1 + x2) / 2, labelY: (y1 + y2) / 2 };
}
