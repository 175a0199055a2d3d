// What of a mark's look comes from style sheets, and has to go with the picture.
const looks = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

const margin = 24;
const titleHeight = 40;

/** The chart as an SVG document that needs nothing of the page. */
export function standalone(svg: SVGSVGElement, title: string): { source: string; width: number; height: number } {
  const page = getComputedStyle(svg.closest('[data-picture]') ?? document.body);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, i) => {
    const style = getComputedStyle(originals[i] as Element);
    for (const name of looks) node.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'style', 'href', 'tabindex', 'aria-label', 'data-mark', 'role'])
      node.removeAttribute(name);
  });
  const width = svg.clientWidth + 2 * margin;
  const height = svg.clientHeight + titleHeight + 2 * margin;
  copy.setAttribute('x', String(margin));
  copy.setAttribute('y', String(margin + titleHeight));
  copy.setAttribute('width', String(svg.clientWidth));
  copy.setAttribute('height', String(svg.clientHeight));
  const sheet = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  sheet.setAttribute('width', String(width));
  sheet.setAttribute('height', String(height));
  const ground = document.createElementNS(sheet.namespaceURI, 'rect') as SVGRectElement;
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', page.backgroundColor);
  const name = document.createElementNS(sheet.namespaceURI, 'text') as SVGTextElement;
  name.setAttribute('x', String(margin));
  name.setAttribute('y', String(margin + 16));
  name.setAttribute('fill', page.color);
  name.setAttribute('font-family', page.fontFamily);
  name.setAttribute('font-size', '16');
  name.setAttribute('font-weight', '600');
  name.textContent = title;
  sheet.append(ground, name, copy);
  return { source: new XMLSerializer().serializeToString(sheet), width, height };
}

/** Downloads the chart as a PNG of twice its size. */
export async function downloadPicture(svg: SVGSVGElement, title: string): Promise<void> {
  const { source, width, height } = standalone(svg, title);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.scale(2, 2);
  context.drawImage(image, 0, 0);
  const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!png) throw new Error('no picture');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(png);
  link.download = `${title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
