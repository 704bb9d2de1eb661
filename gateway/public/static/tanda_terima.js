// Puts the receipt that a QR code's link carries behind # into the form. Without this file people paste the link.
'use strict';
const field = document.getElementById('tanda');
if (field && location.hash.length > 40) field.value = location.href;
