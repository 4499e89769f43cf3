"""What people use today: each in one small script that imports nothing of Jisr, in an environment of its own."""
