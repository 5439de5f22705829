## 信件

mail-automatic = 这封信由{ $site }自动发出。
mail-operator = 主办与运营：{ $operator }
