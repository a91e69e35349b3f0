fetch('/sent/worker?type=text/plain');
