## 表单的公用词

form-errors-title = 请先改正以下几处
form-error-prefix = 错误：
form-limit = 最多 { $n } 字
form-left = 还可以写 { $n } 字
form-over = 超出 { $n } 字
form-too-long = 最多写 { $most } 个字
