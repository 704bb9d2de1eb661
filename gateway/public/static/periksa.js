// Checks of the desk while its fields are left, and the print button. Without this file the server says the same.
'use strict';
const checks = {
  nik(text) {
    const digits = text.replace(/[\s.-]/g, '');
    if (!/^\d{16}$/.test(digits)) return 'NIK terdiri dari 16 angka. / A NIK has 16 digits.';
    const day = Number(digits.slice(6, 8)) % 40, month = Number(digits.slice(8, 10));
    return day >= 1 && day <= 31 && month >= 1 && month <= 12
      ? '' : 'Angka tanggal lahir di NIK ini keliru. / The birth date in this NIK is wrong.';
  },
  telepon(text) {
    const digits = text.replace(/\D/g, '');
    return /^\+?[0-9(][0-9 ().-]{6,24}$/.test(text) && digits.length >= 8 && digits.length <= 15
      ? '' : 'Tulis 8 sampai 15 angka, misalnya 0812 3456 7890. / 8 to 15 digits.';
  },
};
function tell(field, problem) {
  const id = field.id + '-galat';
  let note = document.getElementById(id);
  field.closest('.isian').classList.toggle('salah', problem !== '');
  field.setAttribute('aria-invalid', String(problem !== ''));
  if (!note) {
    note = document.createElement('p');
    note.className = 'galat';
    note.id = id;
    note.setAttribute('role', 'status');
    field.before(note);
    field.setAttribute('aria-describedby', ((field.getAttribute('aria-describedby') || '') + ' ' + id).trim());
  }
  note.textContent = problem;
}
for (const field of document.querySelectorAll('[data-periksa]')) {
  field.addEventListener('blur', () => {
    const text = field.value.trim();
    tell(field, text ? checks[field.dataset.periksa](text) : '');
  });
}
const button = document.getElementById('cetak');
if (button) button.addEventListener('click', () => window.print());
