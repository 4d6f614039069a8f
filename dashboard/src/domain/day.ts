/** A moment in the time of China, to the minute. */
export function moment(text: string | null | undefined): string {
  if (!text) return '';
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return parts.format(new Date(text));
}

/** The time of day now, as the reader's clock has it. */
export const clock = (): string => new Date().toLocaleTimeString('zh-CN', { hour12: false });
