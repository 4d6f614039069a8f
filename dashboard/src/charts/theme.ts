/* Shared looks of charts. Tooltips are drawn on the canvas: HTML ones set style attributes, which the policy refuses. */
export const INK = '#1c2733';
export const INK_SOFT = '#51606f';
export const LINE = '#e3e9ef';
export const BRAND = '#1f4e86';
export const FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

export const base = {
  animation: false,
  textStyle: { fontFamily: FONT, color: INK_SOFT, fontSize: 12 },
  aria: { enabled: true },
  tooltip: { renderMode: 'richText' as const, backgroundColor: '#fff', borderColor: '#c3cdd8', borderWidth: 1, textStyle: { color: INK, fontSize: 12 } },
};

export const axis = {
  axisLine: { lineStyle: { color: '#c3cdd8' } },
  axisTick: { show: false },
  axisLabel: { color: INK_SOFT },
  splitLine: { lineStyle: { color: LINE } },
};
