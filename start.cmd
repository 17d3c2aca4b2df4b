@echo off
rem Starts Weightroom on Windows: double-click it, or run it with words for the server, such as --port 4900.
rem The same as: npm start
setlocal
rem Not cd: it cannot go to a network path.
pushd "%~dp0"

node --version >nul 2>nul
if errorlevel 1 goto :no_node

if exist node_modules goto :start
echo Installing Weightroom. This happens once and takes a minute.
call npm ci
if errorlevel 1 goto :failed

:start
node bin\weightroom.cjs serve --demo-when-empty %*
if errorlevel 1 goto :failed
exit /b 0

:no_node
echo Weightroom needs Node.js 20 or newer. Get it from https://nodejs.org and start this again.

:failed
echo.
echo Weightroom has ended. What went wrong is written above.
pause
exit /b 1
