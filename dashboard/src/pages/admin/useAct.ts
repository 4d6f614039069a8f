import { ElMessage } from 'element-plus/es/components/message/index';
import 'element-plus/es/components/message/style/css';
import { ref } from 'vue';
import { explainFailure } from '@/api/failure';
import { i18n } from '@/i18n';
import type { ErrorsFragment } from '@/generated/graphql';

/** Runs a command of a form: what the user can mend stays beside the form, `done` follows a success. */
export function useAct(done: () => void) {
  const errors = ref<ErrorsFragment[]>([]);
  const busy = ref(false);
  async function act(work: () => Promise<{ userErrors: ErrorsFragment[] } | null>): Promise<boolean> {
    busy.value = true;
    errors.value = [];
    try {
      errors.value = (await work())?.userErrors ?? [];
      if (errors.value.length) return false;
      ElMessage.success(i18n.global.t('admin.done'));
      done();
      return true;
    } catch (error) {
      ElMessage.error(explainFailure(error));
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { errors, busy, act };
}
