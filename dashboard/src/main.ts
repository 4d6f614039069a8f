import urql from '@urql/vue';
import { createApp } from 'vue';
import { client } from './api/client';
import App from './App.vue';
import { i18n } from './i18n';
import { router } from './router';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';

createApp(App).use(i18n).use(urql, client).use(router).mount('#app');
