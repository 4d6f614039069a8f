import { computed } from 'vue';
import { createI18n } from 'vue-i18n';
import en from './en';
import zh from './zh';

export type Locale = 'zh-CN' | 'en';
const KEY = 'jixiao.language';

const stored = localStorage.getItem(KEY);

export const i18n = createI18n({
  legacy: false,
  locale: (stored === 'en' ? 'en' : 'zh-CN') as Locale,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
});

/** Language of the page, and of the messages asked of the service. */
export const locale = computed<Locale>(() => i18n.global.locale.value as Locale);

export function speak(language: Locale): void {
  i18n.global.locale.value = language;
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
}
document.documentElement.lang = locale.value;
