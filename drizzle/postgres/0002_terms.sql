DROP TABLE "user_wards";
