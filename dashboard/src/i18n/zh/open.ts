export const open = { title: '' };
